"""The sheet: the only container of the interface."""

from dash import html
from dash.development.base_component import Component


def sheet(
    name: str, title: str, *children, aside: Component | str | None = None, width: str = ""
) -> Component:
    """Return a titled white sheet.

    Parameters
    ----------
    name
        Names the section in the page (its title gets the id ``<name>-title``).
    title
        Its heading, of second level.
    aside
        One or two links, or a note, at the right of the heading.
    width
        Column class inside a ``.grid`` (``c5``, ``c7`` …).
    """
    head = [html.H2(title, id=f"{name}-title")]
    if aside is not None:
        head += [html.Span(className="spring"), aside]
    return html.Section(
        [html.Header(head), *children],
        id=name,
        className=f"sheet {width}".strip(),
        **{"aria-labelledby": f"{name}-title"},
    )


def heading(title: str) -> Component:
    """Return the heading of a page that is about no client."""
    return html.Section(html.H1(title), className="file")


def unfold(summary: str, *children: Component) -> Component:
    """Return something closed that opens on a click or a key: "Voir le tableau"."""
    return html.Details([html.Summary(summary), *children], className="unfold")
