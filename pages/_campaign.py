"""The campaign of a portfolio, for the pages that show it: steps of marks, and what may be tried."""

from dash import html
from dash.development.base_component import Component

from components import campaign as drawn
from components import compared as comparison
from components import group_names, offers_worth, segments
from components.campaign import DEAREST, Campaign, Step, summary
from components.i18n import t
from components.links import PERFORMANCE, address, link
from data.bank import open_bank
from data.portfolios import Portfolio
from model import campaign
from model.artifact import Model, ModelDamaged, ModelMissing, champion
from model.campaign import EVERYONE, FILE, Counts
from model.compared import compared
from model.measures import measured
from model.results import Reach
from pages import _acts
from web.identity import MANAGER

DOUBLINGS = 4  # how far from the mark at even odds another may be tried


def told(
    portfolio: Portfolio, model: Model, lang: str, cost: object = None, mark: object = None
) -> Campaign | None:
    """Return what a campaign comes to; None where nothing is set aside to judge it on.

    ``cost`` and ``mark`` (in points) are tried instead of those of the portfolio; what is neither is
    left aside.
    """
    usual = campaign.contact_cost(portfolio)
    counts = campaign.read(model)
    if usual is None or counts is None:
        return None
    held = measured(model, FILE)
    names = _names(portfolio, held["segments"], lang)
    lines = [
        _step(line.probability, line.points, "force" if line.in_force else "", line.reach, names)
        for line in campaign.lines(portfolio, model, counts)
    ]
    tried = mark_of(model, mark)
    if tried is not None and tried not in {step.points for step in lines}:
        lines.append(
            _step(model.scale.probability(tried), tried, "tried", campaign.reached(counts, tried), names)
        )
        lines.sort(key=lambda step: step.points)
    wanted = cost_of(cost)
    return Campaign([_all(counts), *lines], held["rows"], _years(held), usual if wanted is None else wanted)


def _step(probability: float, points: int, kind: str, found: dict, names: dict[str, str]) -> Step:
    segments = {names[name]: one for name, one in found.items() if name in names}
    return Step(probability, points, kind, found[EVERYONE], segments)


def _all(counts: Counts) -> Step:
    """Return what contacting everyone comes to."""
    everyone = campaign.at(counts, counts.points[0] if len(counts.points) else 0)
    whole = Reach(everyone.of_contacts, everyone.of_accepted, everyone.of_contacts, everyone.of_accepted)
    return Step(None, None, "none", whole, {})


def _names(portfolio: Portfolio, segments: list[dict], lang: str) -> dict[str, str]:
    """Return how each segment is called, "moins de 30 ans"; none for the whole."""
    named = {}
    for one in segments:
        if one["name"] != EVERYONE:
            named[one["name"]] = segment_name(portfolio, one, lang)
    return named


def segment_name(portfolio: Portfolio, one: dict, lang: str) -> str:
    """Return how a segment is called, everyone's included."""
    if one.get("column") is None:
        return t("segments.all", lang)
    if one["low"] is None and one["high"] is None:
        return t("value.missing", lang)
    group = {"low": one["low"], "high": one["high"], "values": []}
    said = group_names.name(portfolio, one["column"], group, lang)
    return said[:1].lower() + said[1:]


def marks(model: Model) -> tuple[int, int]:
    """Return the lowest and the highest mark that may be tried, in whole points."""
    scale = model.scale
    reach = DOUBLINGS * scale.points_to_double
    middle = scale.at_probability(0.5)
    return round(middle - reach), round(middle + reach)


def cost_of(asked: object) -> float | None:
    """Return a cost that was typed or stands in the address; None when it is none."""
    try:
        cost = float(str(asked).replace(",", "."))
    except ValueError:
        return None
    return cost if 0 <= cost <= DEAREST else None


def mark_of(model: Model, asked: object) -> int | None:
    """Return a mark that was tried, in whole points; None when it is none."""
    try:
        mark = round(float(str(asked)))
    except (ValueError, OverflowError):
        return None
    low, high = marks(model)
    return mark if low <= mark <= high else None


def is_known(portfolio: Portfolio) -> bool:
    """Say whether the model in service was judged on a campaign."""
    if campaign.contact_cost(portfolio) is None:
        return False
    try:
        return campaign.read(champion(portfolio.id)) is not None
    except (ModelMissing, ModelDamaged):
        return False


def brief(portfolio: Portfolio, model: Model, lang: str) -> Component | None:
    """Return the sheet as a page about one file shows it; None where there is no campaign."""
    found = told(portfolio, model, lang)
    if found is None:
        return None
    onward = None if not _acts.may(MANAGER) else link(
        t("campaign.try", lang), address(PERFORMANCE, portfolio=portfolio.id, lang=lang) + "#campaign",
        className="tabletool",
    )  # fmt: skip
    return summary(portfolio, found, onward, lang)


def query(cost: object, mark: object) -> dict[str, str]:
    """Return what the address carries of a trial, as far as it is one."""
    found = {"cost": cost_of(cost), "mark": cost_of(mark)}
    return {name: f"{value:g}" for name, value in found.items() if value is not None}


def section(
    portfolio: Portfolio, model: Model, lang: str, cost: object = None, mark: object = None
) -> Component | None:
    """Return the sheet of the campaign with its fields; None where there is no campaign."""
    found = told(portfolio, model, lang, cost, mark)
    if found is None:
        return None
    tried = mark_of(model, mark)
    return drawn.section(
        portfolio,
        found,
        marks(model),
        round(model.pass_mark) if tried is None else tried,
        lambda part: {"part": part, "portfolio": portfolio.id, "lang": lang},
        lang,
    )


def again(portfolio: Portfolio, model: Model, lang: str, cost: object, mark: object) -> list[Component]:
    """Return what follows the fields of the sheet, and the state for the address."""
    found = told(portfolio, model, lang, cost, mark)
    if found is None:
        return []
    usual, force = campaign.contact_cost(portfolio), round(model.pass_mark)
    state = query(None if cost_of(cost) == usual else cost, None if mark_of(model, mark) == force else mark)
    kept = "&".join(f"{name}={value}" for name, value in state.items())
    return [html.Div(hidden=True, **{"data-query": kept}), *drawn.changing(portfolio, found, lang)]


def judged(portfolio: Portfolio, model: Model, lang: str) -> list[Component]:
    """Return the sheets of what was judged apart: segments, the rows set aside, algorithms, offers."""
    held, test = measured(model, "segments.json"), measured(model, FILE)
    offered = measured(model, "offers.json")
    asked = portfolio.settings

    def named(one: dict) -> str:
        return segment_name(portfolio, one, lang)

    sheets = []
    if "segments" in asked:
        sheets.append(segments.section(held, named, lang) if held else segments.absent(lang))
    if test is not None:
        years = _years(test)
        sheets.append(segments.year(model.card, test, years, lang, "c6" if offered else ""))
    if offered is not None:
        sheets.append(offers_worth.section(offered, lang, "c6" if test else ""))
    pair = sheets[-2:] if test is not None and offered is not None else []
    shown = [*sheets[: len(sheets) - len(pair)], *([html.Div(pair, className="grid even")] if pair else [])]
    if "segments" in asked or "campaign" in asked:
        found = compared(portfolio.id)
        bank = open_bank(portfolio.id).meta.fingerprint
        same = found is None or found["data"]["fingerprint"] == bank
        shown.append(comparison.section(portfolio.id, found, same, named, lang))
    return shown


def _years(test: dict) -> str:
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in test["values"])
