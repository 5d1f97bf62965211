"""How every graph looks: one place for colours, type and axes. Figures are plain dicts.

``plotly.graph_objects`` would check each key, some three hundred times slower; what is drawn is
ours and tested.
"""

from collections.abc import Mapping, Sequence

# The tokens of assets/limpide.css.
INK, INK_2, INK_3 = "#14202B", "#3F4C59", "#5A6672"
SHEET, LINE, CONTROL = "#FFFFFF", "#D6D2C8", "#76808B"
NEUTRAL, NEUTRAL_FILL, NEUTRAL_TINT = "#66717D", "#B9BFC6", "#E6E8EA"
FAVOURABLE, FAVOURABLE_FILL, FAVOURABLE_TINT = "#1B5A9E", "#3A7EC2", "#E3EDF7"
UNFAVOURABLE, UNFAVOURABLE_FILL, UNFAVOURABLE_TINT = "#8F3F00", "#CC6A14", "#FAE9DA"
SEQ = ("#FBEFE3", "#F3D3B3", "#E3A974", "#CC7A35", "#9A4E10")
SEQ_GOOD = ("#E9F1F9", "#C5DBF0", "#8FB9E0", "#4F8FCB", "#1B5A9E")

_FONT = "Limpide Espace, IBM Plex Sans Variable, IBM Plex Sans, Segoe UI, Arial, sans-serif"
_AXIS = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": True, "linecolor": CONTROL}
_UNSEEN = ("visible", "range", "fixedrange", "anchor", "overlaying", "domain", "type", "autorange", "matches")
_HOVER = {"bgcolor": SHEET, "bordercolor": INK, "font": {"size": 14, "color": INK}}


def plot(
    traces: Sequence[Mapping],
    *,
    x: Mapping | None = None,
    y: Mapping | None = None,
    shapes: Sequence[Mapping] = (),
    annotations: Sequence[Mapping] = (),
    margin: Mapping | None = None,
    **layout: object,
) -> dict:
    """Return a figure for the browser.

    Parameters
    ----------
    traces : Plotly traces; numbers should be rounded to what an eye can see
    x, y : what the axes have besides the house style
    layout : further keys of the layout (``xaxis2``, ``barmode``, …); axes get the house style

    Examples
    --------
    >>> plot([{"type": "bar", "y": [1]}], y={"showgrid": True})["layout"]["yaxis"]["showgrid"]
    True
    """
    further = {
        name: _axis(value) if name[1:5] == "axis" and isinstance(value, Mapping) else value
        for name, value in layout.items()
    }
    # What Plotly would take for granted anyway is not sent.
    given = {"shapes": list(shapes), "annotations": [{"showarrow": False, **note} for note in annotations]}
    if layout.get("hovermode", True) is not False:
        given["hoverlabel"] = _HOVER
    return {
        "data": [dict(trace) for trace in traces],
        "layout": {
            "font": {"family": _FONT, "size": 14, "color": INK_2},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8} | dict(margin or {}),
            "showlegend": False,
            "dragmode": False,
            "xaxis": _axis(x or {}),
            "yaxis": _axis(y or {}),
            **{name: value for name, value in given.items() if value},
            **further,
        },
    }


def _axis(given: Mapping) -> dict:
    """Return an axis in the style of the house, which takes the type of the whole figure."""
    if given.get("visible") is False:
        return {"fixedrange": True} | {name: given[name] for name in _UNSEEN if name in given}
    axis = {**_AXIS, **given}
    if axis["showgrid"]:
        axis.setdefault("gridcolor", LINE)
    if isinstance(title := axis.get("title"), Mapping):
        axis["title"] = {"font": {"size": 14, "color": INK_2}, **title}
    return axis
