"""What a reader would see of a Dash component: its text, and its parts."""

import json
from collections.abc import Callable, Iterator

from dash.development.base_component import Component


def parts(component) -> Iterator[Component]:
    """Yield a component and everything inside it, in reading order."""
    if isinstance(component, (list, tuple)):
        for child in component:
            yield from parts(child)
    elif isinstance(component, Component):
        yield component
        yield from parts(getattr(component, "children", None))


def text(component) -> str:
    """Return the text of a component, spaces as a reader sees them."""
    if isinstance(component, (list, tuple)):
        return "".join(text(child) for child in component)
    if isinstance(component, Component):
        return text(getattr(component, "children", None))
    return "" if component is None else str(component)


def plain(component) -> str:
    """Return the text with ordinary spaces, for tests that are not about typography."""
    return text(component).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def find(component, wanted: Callable[[Component], bool]) -> list[Component]:
    """Return the parts for which ``wanted`` holds."""
    return [part for part in parts(component) if wanted(part)]


def by_class(component, name: str) -> list[Component]:
    """Return the parts that carry a style class."""
    return find(component, lambda part: name in (getattr(part, "className", "") or "").split())


def of_kind(component, kind: str) -> list[Component]:
    """Return the parts of an HTML element: ``"H1"``, ``"A"``."""
    return find(component, lambda part: part._type == kind)


def attribute(component: Component, name: str):
    """Return an attribute such as ``aria-label``, None when it is absent."""
    return getattr(component, name, None)


def section(page, name: str) -> Component:
    """Return the one part whose id is ``name``."""
    (found,) = find(page, lambda part: attribute(part, "id") == name)
    return found


def written(component) -> str:
    """Return the component as it goes over the wire, to be compared or weighed."""
    return json.dumps(component, default=lambda part: part.to_plotly_json())


def show(page, client: str | None, lang: str = "fr", **state) -> Component:
    """Return what a page draws of a file of the first portfolio."""
    return page.layout(portfolio="home_credit", client=client, lang=lang, **state)
