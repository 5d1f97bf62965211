"""The building the client lives in: blocks of columns known together or not at all."""

import numpy as np

from data.demo.traits import Draws
from data.portfolios.home_credit.demo.applicant_traits import AREAS, BLOCKS, HOME_WORDS
from data.portfolios.home_credit.demo.schemas import BUILDING


def compose(drawn: Draws, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the 47 columns on the building."""
    patterns = np.array([[c == "1" for c in label] for label in drawn.summaries["home_given"]["labels"]])
    given = patterns[drawn.value("home_given")]
    known = dict(zip(BLOCKS, given.T, strict=True))
    columns = {name: np.where(known[name], np.round(drawn.value(name), 4), np.nan) for name in AREAS}
    columns |= {name: np.where(known[name], drawn.label(name), None) for name in HOME_WORDS}
    tilt = rng.normal(size=len(given))
    for name in BUILDING:
        average = columns[f"{name}_AVG"]
        columns[f"{name}_MODE"] = np.round(np.clip(average * (1 + 0.03 * tilt), 0, 1), 4)
        columns[f"{name}_MEDI"] = np.round(np.clip(average * (1 + 0.01 * tilt), 0, 1), 4)
    return columns
