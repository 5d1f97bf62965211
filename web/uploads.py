"""A batch sent from the Drift page: received, then checked by a job of its own."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import ClientDisconnected

from components.formats import number
from components.i18n import t
from config import settings
from data import portfolios
from data.received import NotReceived, receive
from model import artifact, jobs
from web import answers
from web.errors import Refused
from web.identity import requires
from web.limits import MOST_DISCARDED
from web.progress import MB, told
from web.session import language

uploads = Blueprint("uploads", __name__)
UNPACKED_TIMES = 8
# Each of these has its own words, `web.error.upload_<code>`.
_STATUS = {"too_large": 413, "unpacks_too_large": 413, "unknown": 415}
_FULL = (errno.ENOSPC, errno.EDQUOT)


def install(server: Flask) -> None:
    """Serve ``/uploads``."""
    server.register_blueprint(uploads)


@uploads.before_request
def _count_ourselves() -> None:
    """Lift the limit on bodies: files have their own, counted as they come and told in megabytes."""
    request.max_content_length = sys.maxsize


@uploads.after_request
def _read_on(response: Response) -> Response:
    """Read a refused file on for a while: a browser still sending would not see why it was refused."""
    if response.status_code >= 400 and response.status_code != 413:  # those are read on for every address
        left = MOST_DISCARDED
        with suppress(ClientDisconnected):
            while left > 0 and (chunk := request.stream.read(65_536)):
                left -= len(chunk)
    return response


@uploads.post("/uploads/<portfolio>/drift")
@requires("manager")
def send_batch(portfolio: str) -> Response:
    """Receive a file, as the body of the request, and start the job that checks it.

    The file's name may be given in ``X-File-Name``, percent-encoded. Answers 202 and the job.
    """
    found = portfolios.load(portfolio)
    artifact.champion_version(portfolio)
    limit = settings().upload_limit_mb * MB
    if not limit:
        raise Refused(403, "upload_off")
    if jobs.is_busy():
        raise Refused(409, "job_running")
    if (request.content_length or 0) > limit:
        raise _refused("too_large", limit)
    # Only files of a flat table may be written in any encoding.
    any_text = found.settings.get("tables", {}).get(found.main_table, {}).get("flat", False)
    file = _received(limit, any_text)
    try:
        with _disk_watched():
            job = jobs.start("drift", portfolio, file)
    except jobs.JobRunning:
        raise Refused(409, "job_running") from None
    reply = answers.reply({"job": told(job, portfolio, language())})
    reply.status_code = 202
    return reply


def _received(limit: int, any_text: bool) -> Path:
    """Return the file sent, in a folder of its own; nothing is left of one that is refused."""
    with _disk_watched():
        folder = jobs.new_folder()
        try:
            name = unquote(request.headers.get("X-File-Name", ""))
            most = limit * UNPACKED_TIMES
            file = receive(request.stream, folder, name, limit, most, any_text=any_text)
            if request.content_length not in (None, file.stat().st_size):
                raise NotReceived("damaged")
            return file
        except NotReceived as error:
            jobs.remove_folder(folder)
            raise _refused(error.code, limit) from None
        except BaseException:
            jobs.remove_folder(folder)
            raise


def _refused(code: str, limit: int) -> Refused:
    most = limit * (UNPACKED_TIMES if code == "unpacks_too_large" else 1)
    told = t("upload.size", language(), size=number(most / MB, language()))
    return Refused(_STATUS.get(code, 422), f"upload_{code}", limit=told)


@contextmanager
def _disk_watched() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Refused(503, "disk_full") from None
        raise
