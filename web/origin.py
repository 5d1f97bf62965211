"""Acts are done from our own pages only: another site cannot have a visitor's browser do them."""

from urllib.parse import urlsplit

from flask import request

from web.errors import Refused


def require_same() -> None:
    """Refuse a request that a browser sends from a page that is not ours.

    Every current browser says where a request comes from (``Sec-Fetch-Site``), older ones name the
    page's origin. A program says neither, and acts for nobody but itself.

    Raises
    ------
    Refused
        403, when the page is of another site.
    """
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        is_ours = said in ("same-origin", "none")
    else:
        origin = request.headers.get("Origin")
        is_ours = origin is None or urlsplit(origin).netloc == request.host
    if not is_ours:
        raise Refused(403, "other_origin")
