"""Who is at work, as the masthead shows them: role, name, and the way out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components.i18n import t
from components.links import address

DEMO = ("demo-manager", "demo-advisor", "demo-reviewer")
_HIGHEST = ("manager", "advisor", "admin")  # the one that the masthead names


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a page is drawn for.

    Attributes
    ----------
    roles : of ``advisor``, ``manager``, ``admin``
    others : the demo identities that can be chosen, where nobody logs in
    form_token : what the form to log out sends along
    records_last : whether what is recorded here outlives the disk of the host
    """

    name: str
    roles: frozenset[str]
    others: Sequence[str] = ()
    form_token: str = ""
    records_last: bool = True

    @property
    def sees_files(self) -> bool:
        """Whether clients' files are among what they may see."""
        return bool(self.roles & {"advisor", "manager"})


_drawn_for: ContextVar[Reader | None] = ContextVar("drawn_for", default=None)


@contextmanager
def drawing_for(reader: Reader) -> Iterator[None]:
    """Draw what is inside for a reader."""
    before = _drawn_for.set(reader)
    try:
        yield
    finally:
        _drawn_for.reset(before)


def current() -> Reader | None:
    """Return who the page is drawn for, if that was said."""
    return _drawn_for.get()


def named(account: str, lang: str) -> str:
    """Return who an account is to a reader: its name, or what the demonstration identity is called."""
    return t(f"access.{account}", lang) if account in DEMO else account


def may_open(page: Mapping) -> bool:
    """Say whether the reader may open a page of Dash's registry."""
    reader = current()
    return reader is None or bool(reader.roles & set(page.get("roles", ())))


def banner(lang: str) -> list[str]:
    """Return what the banner says: that nobody had to log in, that records do not last."""
    reader = current()
    if reader is None:
        return []
    said = [t("access.demo", lang)] if reader.others else []
    return said + ([] if reader.records_last else [t("shell.not_durable", lang)])


def menu(here: str, lang: str) -> list[Component]:
    """Return the menu of the reader; ``here`` is the address to come back to."""
    reader = current()
    if reader is None:
        return []
    role = next((t(f"access.{one}", lang) for one in _HIGHEST if one in reader.roles), "")
    inside = _choice(reader, here, lang) if reader.others else _leaving(reader, lang)
    return [html.Details([html.Summary(role), html.Div(inside, className="reader-menu")], className="reader")]


def _choice(reader: Reader, here: str, lang: str) -> list[Component]:
    links = [
        html.Li(
            html.A(
                t(f"access.{name}", lang),
                href=address("/identity", **{"as": name, "next": here}),
                **({"aria-current": "true"} if name == reader.name else {}),
            )
        )
        for name in reader.others
    ]
    return [html.P(t("access.demo_choose", lang), className="label"), html.Ul(links)]


def _leaving(reader: Reader, lang: str) -> list[Component]:
    roles = ", ".join(t(f"access.{one}", lang) for one in _HIGHEST if one in reader.roles)
    return [
        html.P(html.B(reader.name)),
        html.P([t("access.roles", lang), " : " if lang == "fr" else ": ", roles], className="note"),
        html.Form(
            [
                dbc.Input(type="hidden", name="form_token", value=reader.form_token),
                html.Button(t("access.leave", lang), type="submit", className="btn small"),
            ],
            action="/logout",
            method="post",
        ),
    ]
