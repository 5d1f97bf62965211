"""The evidence behind a model: what it would be worth otherwise, and how sure that is. Training only.

Each part fits folds again and can be measured alone; together they become ``evidence.json``.
"""

from collections.abc import Callable, Collection

from model import ablation, fewer, importance, learning, seeds, signs
from model.trained import Trained

Each = Callable[[str], None]

PARTS: dict[str, Callable[[Trained, Each], object]] = {
    "learning": learning.curve,
    "families": ablation.families,
    "themes": ablation.themes,
    "protected": ablation.protected,
    "signs": signs.kept,
    "seeds": seeds.stability,
    "selection": fewer.path,
    "importance": importance.compared,
}


def evidence(trained: Trained, each: Each = lambda step: None, parts: Collection[str] = tuple(PARTS)) -> dict:
    """Measure the parts of the evidence that are wanted.

    Returns
    -------
    dict
        Under the name of each part what its function returns, ready for JSON.

    Raises
    ------
    ValueError
        When a part is not one of ``PARTS``.
    """
    if unknown := set(parts) - set(PARTS):
        raise ValueError(f"parts: {sorted(unknown)} unknown; expected some of {', '.join(PARTS)}")
    return {name: measured(trained, each) for name, measured in PARTS.items() if name in parts}
