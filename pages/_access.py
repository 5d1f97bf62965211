"""Every page is held to the roles it declares, whatever way its layout is asked for."""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar

from dash import html
from dash.development.base_component import Component
from flask import Flask, g

from components import reader
from components.reader import Reader
from web import access, audit, identity, login_session
from web.identity import User

_building: ContextVar[bool] = ContextVar("building", default=False)


def guard(pages: MutableMapping) -> None:
    """Put the guard in front of every page of Dash's registry; call it once all are registered."""
    for page in pages.values():
        page["layout"] = _guarded(page["layout"], access.page_roles(page))


@contextmanager
def building(server: Flask) -> Iterator[None]:
    """Let Dash look at the layouts once, before anyone asks, for the ids that they hold."""
    before = _building.set(True)
    try:
        with server.test_request_context("/login"):  # an address that is anyone's
            g.user = User("nobody", frozenset(identity.ROLES), True, "page")
            yield
    finally:
        _building.reset(before)


def _guarded(layout: Callable[..., Component], roles: tuple[str, ...] | None) -> Callable[..., Component]:
    def guarded(**asked: str) -> Component:
        if _building.get():
            return _bare(layout(**asked))
        asked = {name: _whole(value) for name, value in asked.items()}
        user = identity.current()
        if roles is not None:
            identity.require(*roles)
        elif not user.is_demo:
            raise identity.Forbidden("the page says of nobody that they may open it")
        if isinstance(asked.get("client"), str) and isinstance(asked.get("portfolio"), str):
            audit.viewed(asked["portfolio"], asked["client"])
        others = tuple(identity.DEMO) if user.is_demo else ()
        token = "" if user.is_demo else login_session.form_token()
        with reader.drawing_for(Reader(user.name, user.roles, others, token, access.settings().records_last)):
            return layout(**asked)

    return guarded


def _whole(asked: object) -> object:
    """Return a part of an address without halves of characters, which no browser sends in one."""
    return asked.encode("utf-8", "replace").decode("utf-8") if isinstance(asked, str) else asked


def _bare(drawn: Component) -> Component:
    """Return a layout's components by their ids alone: it is sent to every browser, files must not be."""
    named = [one for one in (drawn, *drawn._traverse()) if getattr(one, "id", None) is not None]
    return html.Div([type(one)(id=one.id) for one in named])
