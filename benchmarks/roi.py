"""The savings of a campaign from counts: ``python -m benchmarks.roi``.

The report of :mod:`benchmarks.published` counts the proposals that each of its two models would keep,
and the share of them that accepted; here its sums are done again. The portfolio's own table, from its
test year, is on the Performance page and in ``docs/prospects.md``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from model.results import Reach

PROPOSALS, ACCEPTED, CONTACT_COST, BUDGET_CONTACTS = 96_815, 30_386, 10, 200_000


@dataclass(frozen=True)
class Kept:
    """Proposals that a model keeps at a mark, and the share of them that accepted."""

    segment: str
    contacts: int
    share: float


MARKS = {
    "50 %": (Kept("under 30", 8_110, 0.83), Kept("30 and over", 32_083, 0.50)),
    "80 %": (Kept("under 30", 2_627, 0.855), Kept("30 and over", 1_109, 0.877)),
}
# What the report concludes at 50 %.
SAID_SHARE, SAID_ACCEPTED, SAID_AVOIDED, SAID_SAVED = 0.665, 26_728, 46_000, 460_000


def reach(mark: str) -> Reach:
    """Return whom a mark of the report reaches: acceptances weighted by contacts, not by models."""
    kept = MARKS[mark]
    accepted = round(sum(one.contacts * one.share for one in kept))
    return Reach(sum(one.contacts for one in kept), accepted, PROPOSALS, ACCEPTED)


def plain_mean(mark: str) -> float:
    """Return the mean of the shares as if both models kept as many: what the report printed."""
    return sum(one.share for one in MARKS[mark]) / len(MARKS[mark])


def break_even(one: Reach) -> float:
    """Return what an acceptance has to bring for the economy to be lost again."""
    return one.saved(CONTACT_COST) / one.lost


def lines() -> Iterator[str]:
    """Yield the sums done again, beside what the report printed."""
    for mark in MARKS:
        one = reach(mark)
        yield (
            f"at {mark}: {one.contacts:,} contacts, {one.accepted:,} acceptances = {one.conversion:.1%} "
            f"(plain mean of the two models: {plain_mean(mark):.1%}), "
            f"{one.accepted / one.of_accepted:.1%} of all acceptances"
        )
        yield (
            f"  {one.avoided:,} contacts avoided = {one.saved(CONTACT_COST):,} EUR; {one.lost:,} acceptances "
            f"lost, gone as soon as one brings more than {break_even(one):.2f} EUR"
        )
    half = reach("50 %")
    yield (
        f"the report at 50 %: {SAID_SHARE:.1%}, {SAID_ACCEPTED:,} acceptances ({SAID_SHARE:.1%} of "
        f"{half.contacts:,} is {SAID_SHARE * half.contacts:,.0f}), {SAID_AVOIDED:,} contacts avoided, "
        f"{SAID_SAVED:,} EUR"
    )
    yield (
        f"its budget: {BUDGET_CONTACTS:,} contacts = {BUDGET_CONTACTS * CONTACT_COST:,} EUR a year; contacts "
        f"avoided at the same rate ({half.avoided / PROPOSALS:.1%}): {budget_saved():,.0f} EUR"
    )


def budget_saved() -> float:
    """Return what its yearly budget would be spared if all its contacts were like those tested."""
    half = reach("50 %")
    return BUDGET_CONTACTS * CONTACT_COST * half.avoided / half.of_contacts


if __name__ == "__main__":
    print("\n".join(lines()))
