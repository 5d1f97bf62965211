"""The building the client lives in: blocks of columns known together or not at all."""

from collections.abc import Mapping

import numpy as np

from data.demo.traits import Draws, draw
from data.portfolios.home_credit.demo.applicant_traits import AREAS, BLOCKS, HOME_WORDS
from data.portfolios.home_credit.demo.schemas import BUILDING


def compose(drawn: Draws, ratios: Mapping[str, Mapping], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the 47 columns on the building; ``ratios`` are those of mode and median to average."""
    patterns = np.array([[c == "1" for c in label] for label in drawn.summaries["home_given"]["labels"]])
    given = patterns[drawn.value("home_given")]
    known = dict(zip(BLOCKS, given.T, strict=True))
    columns = {name: np.where(known[name], np.round(drawn.value(name), 4), np.nan) for name in AREAS}
    columns |= {name: np.where(known[name], drawn.label(name), None) for name in HOME_WORDS}
    # Most often the three figures of a building differ by their scale alone: one draw moves all.
    for kind in ("MODE", "MEDI"):
        shift = rng.normal(size=len(given))
        for name in BUILDING:
            average = columns[f"{name}_AVG"]
            values = average * draw(ratios[f"{name}_{kind}"], shift)
            columns[f"{name}_{kind}"] = np.round(np.clip(values, 0, 1), 4)
    return columns
