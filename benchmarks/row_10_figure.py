"""Row 10: a figure for the browser, as a plain dict written by orjson, beside Plotly's own objects."""

import orjson
import plotly.graph_objects as go

from benchmarks.measure import Line, interleaved, median
from components.charts import strips

WHAT = "a figure for the browser: three histograms of 36 bins"


def measure() -> list[Line]:
    """Return the lines of row 10."""
    groups = [strips.Strip(name, list(range(5, 41)), 17.25) for name in ("Tous", "Semblables", "Acceptés")]
    ticks = [(6 * number, f"{number}00 000") for number in range(6)]

    def ours() -> bytes:
        return orjson.dumps(strips.draw(groups, 12.5, ticks, "masqué"))

    def theirs() -> str:
        return go.Figure(strips.draw(groups, 12.5, ticks, "masqué")).to_json()

    ms = {name: median(v) for name, v in interleaved({"ours": ours, "theirs": theirs}, rounds=100).items()}
    beside = "go.Figure and to_json"
    return [
        Line("10", WHAT, "ms", ms["ours"], ms["theirs"], beside),
        Line("10", f"{WHAT}, sent", "kB", len(ours()) / 1000, len(theirs()) / 1000, beside, at_most=3),
    ]
