"""Who asks, and what they may do: asked by routes, pages and callbacks alike.

A route declares who may call it with :func:`requires` (or :func:`public`), a page with ``roles=`` in
``register_page``; ``web.access`` holds both, and a callback is held to the roles of the page that
defines it. Inside a callback or a view, :func:`require` asks for more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from flask import current_app, g, has_request_context

View = TypeVar("View", bound=Callable)

ADVISOR, MANAGER, ADMIN = "advisor", "manager", "admin"
ROLES = (ADVISOR, MANAGER, ADMIN)
# What a token may do, and the roles that its calls count as.
SCOPES = {"read": ADVISOR, "assess": ADVISOR, "decide": ADVISOR, "review": MANAGER, "drift": MANAGER}
ANY_SCOPE = "any"  # of a route that every token may call
# Where the server keeps the function that finds out who asks.
FINDER = "limpide_finder"

_ACCESS = "limpide_access"


class LoginNeeded(PermissionError):
    """Nobody is logged in, or the session or token has ended."""


class Forbidden(PermissionError):
    """Who asks is known, and may not do this."""


@dataclass(frozen=True, slots=True)
class User:
    """Who asks.

    Attributes
    ----------
    name : the account, or the name of the token
    roles : of ``advisor``, ``manager``, ``admin``
    is_demo : whether there is no login, and everyone is who they choose to be
    channel : ``page`` for a person at a screen, ``api`` for a program
    scopes : what a token may do; empty for a person
    """

    name: str
    roles: frozenset[str]
    is_demo: bool
    channel: Literal["page", "api"]
    scopes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route: anyone, or who has one of ``roles`` and, with a token, the ``scope``."""

    roles: tuple[str, ...] = ()
    scope: str = ""
    is_public: bool = False


DEMO = {
    "demo-manager": frozenset({ADVISOR, MANAGER}),
    "demo-advisor": frozenset({ADVISOR}),
    "demo-reviewer": frozenset({ADVISOR, MANAGER}),
}


def current() -> User:
    """Return who asks.

    Raises
    ------
    LoginNeeded
        When nobody is logged in, or outside a request.
    """
    if not has_request_context():
        raise LoginNeeded("nobody asks")
    if "user" not in g:
        find = current_app.extensions.get(FINDER)
        g.user = find() if find else None
    if g.user is None:
        raise LoginNeeded("nobody is logged in")
    return g.user


def require(*roles: str, scope: str = "") -> User:
    """Return who asks, if they have one of ``roles`` and, with a token, the ``scope``.

    Raises
    ------
    LoginNeeded
        When nobody is logged in.
    Forbidden
        When they may not.
    """
    user = current()
    if user.scopes and scope != ANY_SCOPE and scope not in user.scopes:
        raise Forbidden(f"a token needs the scope {scope!r}")
    if roles and not user.roles & set(roles):
        raise Forbidden(f"one of {', '.join(roles)} is needed")
    return user


def requires(*roles: str, scope: str = "") -> Callable[[View], View]:
    """Declare that a route is for ``roles`` (none: for whoever is logged in).

    With ``scope``, a token that has it may call the route as well (``any``: whatever it has);
    without, no token may.
    """
    return _declared(Access(roles or ROLES, scope))


def public(view: View) -> View:
    """Declare that a route is for anyone."""
    return _declared(Access(is_public=True))(view)


def access_of(view: Callable | None) -> Access | None:
    """Return what a view declares, if anything."""
    return getattr(view, _ACCESS, None)


def _declared(access: Access) -> Callable[[View], View]:
    unknown = set(access.roles) - set(ROLES) | ({access.scope} - {"", ANY_SCOPE, *SCOPES})
    if unknown:
        raise ValueError(f"unknown role or scope: {', '.join(sorted(unknown))}")

    def mark(view: View) -> View:
        setattr(view, _ACCESS, access)
        return view

    return mark
