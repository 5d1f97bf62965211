"""What a report of 2021 on the marketing of a French health mutual printed, and what follows from it.

Its data were never public. ``python -m benchmarks.published`` prints what its own figures say of the
year that it tested on, of its "AUC" and of two rows that do not agree with themselves;
:mod:`benchmarks.roi` redoes its savings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean

ALL, YOUNG, OLDER = POPULATIONS = ("all", "under 30", "30 and over")


@dataclass(frozen=True)
class Row:
    """One line of its tables, on the year it tested on. ``area`` is what it calls AUC."""

    population: str
    algorithm: str
    accuracy: float
    recall: float
    precision: float
    f1: float
    area: float

    @property
    def rate(self) -> float:
        """Share of acceptances among the rows judged.

        With a share ``r``, ``1 - accuracy = r (1 - recall) + r recall (1 - precision) / precision``.
        """
        return (1 - self.accuracy) / (1 + self.recall / self.precision - 2 * self.recall)

    @property
    def specificity(self) -> float:
        return (self.accuracy - self.rate * self.recall) / (1 - self.rate)

    @property
    def balanced_accuracy(self) -> float:
        return (self.recall + self.specificity) / 2

    @property
    def f1_that_follows(self) -> float:
        return 2 * self.recall * self.precision / (self.recall + self.precision)


def _rows(population: str, *lines: str) -> list[Row]:
    split = [line.split() for line in lines]
    return [Row(population, name, *(float(value) for value in values)) for name, *values in split]


AS_THEY_COME = (
    *_rows(
        ALL,
        "forest .7118 .5984 .5367 .5659 .6811",
        "logistic .7208 .7132 .5419 .6158 .7187",
        "svm .7207 .7182 .5416 .6175 .7200",
        "tree .6557 .5184 .4572 .4859 .6185",
        "boosting .7300 .6604 .5592 .6056 .7111",
        "xgboost .7339 .6179 .5702 .5931 .7024",
    ),
    *_rows(
        YOUNG,
        "forest .6774 .5713 .6969 .6279 .6726",
        "logistic .7001 .6512 .6988 .6742 .6979",
        "svm .7137 .7141 .6938 .7038 .7137",
        "tree .6167 .5002 .6215 .5543 .6115",
        "boosting .7147 .6139 .7426 .6722 .7102",
        "xgboost .6950 .6211 .7038 .6599 .6916",
    ),
    *_rows(
        OLDER,
        "forest .6987 .6437 .4722 .5448 .6819",
        "logistic .7199 .6984 .4999 .5827 .7133",
        "svm .7199 .6996 .5000 .5832 .7137",
        "tree .6349 .4922 .3822 .4302 .5913",
        "boosting .7167 .7418 .4961 .5946 .7244",
        "xgboost .7203 .6461 .5005 .5641 .6976",
    ),
)
# After its grid search.
RETAINED = (
    *_rows(ALL, "logistic .7252 .7185 .5432 .6158 .7192"),
    *_rows(YOUNG, "xgboost .7002 .7706 .6583 .7101 .7034"),
    *_rows(OLDER, "boosting .7167 .7455 .4981 .5946 .7249"),
)


def lines() -> Iterator[str]:
    """Yield what follows from its tables."""
    for population in POPULATIONS:
        yield f"acceptances, {population}: {rate(population):.1%}"
    under = (rate(ALL) - rate(OLDER)) / (rate(YOUNG) - rate(OLDER))
    yield f"proposals to people under 30, from the three: {under:.0%}"
    gap = max(abs(row.area - row.balanced_accuracy) for row in AS_THEY_COME)
    yield f'its "AUC" against (recall + specificity) / 2, {len(AS_THEY_COME)} rows: at most {gap:.4f} apart'
    for row in RETAINED:
        yield f"F1 of {row.algorithm}, {row.population}: {row.f1} printed, {row.f1_that_follows:.4f} follows"


def rate(population: str) -> float:
    """Return the share of acceptances that the rows of a population imply, on average."""
    return mean(row.rate for row in AS_THEY_COME if row.population == population)


if __name__ == "__main__":
    print("\n".join(lines()))
