"""What was shown of a file, in the words of one language, as a record keeps it.

Everything is settled here: whoever reads a record needs neither the portfolio nor the locales of today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache

from components import formats, offers_said, said
from components.i18n import t, typeset
from components.proposals import limits_text, proposal_text, summary_text
from data import portfolios
from data.bank import open_bank
from data.portfolios import Portfolio
from model.results import STRICTER, Assessment, Offers, Recourse, Value


def texts(
    portfolio: Portfolio,
    values: Mapping[str, Value],
    found: Assessment | None,
    reference: tuple[float, float] | None,
    recourse: Recourse | None,
    lang: str,
    with_inputs: bool = True,
    rates: said.Rates | None = None,
) -> dict:
    """Return all that the screen says of a file.

    Parameters
    ----------
    values : the record and what was computed from it
    found : None when no proposal was given
    reference : points between which files were accepted just above the mark
    rates : how often files end well in the case of each reason, where that is told
    recourse : what would change the proposal, when it was looked for
    """
    declared = _pairs(portfolio, portfolio.settings["facts"]["declared"], values, lang)
    shown = {
        "portfolio": typeset(portfolio.words(lang)["name"], lang),
        "strip": _pairs(portfolio, portfolio.settings["facts"]["strip"], values, lang),
        "bare": not portfolio.settings.get("currency"),
        "checks": asdict(said.checks(portfolio, found, declared, lang)),
        "wordings": {one: typeset(portfolio.words(lang)["decisions"][one], lang) for one in STRICTER},
        "done": {one: typeset(portfolio.words(lang)["done"][one], lang) for one in STRICTER},
        "read": _read(portfolio, values, found, lang) if with_inputs else [],
    }
    if found is None or reference is None:
        return shown
    return shown | {
        "verdict": asdict(said.verdict(portfolio, found, lang)),
        "reasons": asdict(said.reasons(portfolio, found, reference, lang, rates)),
        "recourse": _recourse(portfolio, recourse, lang) if recourse and portfolio.has_levers else None,
        "offers": None if found.offers is None else _offers(portfolio, found.offers, lang),
    }


def offer_names(portfolio: Portfolio, lang: str) -> dict[str, str]:
    """Return what each offer of the portfolio's bank is, by its code; none where it makes no offers."""
    if "offers" not in portfolio.settings:
        return {}
    return _offer_names(portfolio.id, open_bank(portfolio.id).meta.fingerprint, lang)


@lru_cache(maxsize=8)
def _offer_names(portfolio_id: str, _fingerprint: str, lang: str) -> dict[str, str]:
    """Return the names as they stand in one bank: a list of assessments asks for them once."""
    portfolio = portfolios.load(portfolio_id)
    rows = open_bank(portfolio_id).parent_rows(portfolio.settings["offers"]["table"])
    return offers_said.names(portfolio, rows, lang)


def _offers(portfolio: Portfolio, found: Offers, lang: str) -> dict:
    return offers_said.kept(offers_said.offers(portfolio, found, offer_names(portfolio, lang), lang))


def corrections_text(portfolio: Portfolio, corrections: Mapping[str, Value], lang: str) -> str:
    """Return corrected values in words."""
    known = {name: value for name, value in corrections.items() if name in portfolio.columns}
    return ", ".join(
        t(
            "rescore.changed",
            lang,
            label=typeset(portfolio.columns[name].label(lang), lang),
            value=formats.value(portfolio, name, value, lang),
        )
        for name, value in known.items()
    )


def _pairs(
    portfolio: Portfolio, entries: Iterable[str], values: Mapping[str, Value], lang: str
) -> list[list[str]]:
    return [list(said.pair(portfolio, entry, values, lang)) for entry in entries]


def _recourse(portfolio: Portfolio, found: Recourse, lang: str) -> dict:
    return {
        "summary": summary_text(portfolio, found, lang),
        "proposals": [proposal_text(portfolio, one, lang) for one in found.proposals],
        "limits": limits_text(portfolio, found.levers, lang),
    }


def _read(
    portfolio: Portfolio, values: Mapping[str, Value], found: Assessment | None, lang: str
) -> list[dict]:
    """Return what was read, source by source: label, value (None: not provided), points that add up.

    Nothing that is protected was read: nothing of it is kept.
    """
    names = [name for name in portfolio.inputs if name in values and _is_collected(portfolio, name, found)]
    points = _points(found)
    groups: dict[str, list[dict]] = {}
    for name in names:
        column, value = portfolio.columns[name], values[name]
        shown = None if formats.is_missing(value) else formats.value(portfolio, name, value, lang)
        line = {"name": name, "label": typeset(column.label(lang), lang), "value": shown}
        line |= {"theme": column.theme, "points": points.get(name)}
        groups.setdefault(_source(portfolio, column.source), []).append(line)
    return [
        {"code": code, "source": _source_name(portfolio, code, lang), "lines": lines}
        for code, lines in groups.items()
    ]


def _is_collected(portfolio: Portfolio, name: str, found: Assessment | None) -> bool:
    family = portfolio.columns[name].family
    return found is None or family not in portfolio.families or family in found.families


def _points(found: Assessment | None) -> dict[str, int]:
    """Return the whole points of each input; with the average file they make those of the file."""
    if found is None:
        return {}
    moved = {one.feature: one.points for one in found.contributions}
    total = round(found.points) - round(found.base_points)
    return dict(zip(moved, formats.round_to_sum([*moved.values()], total), strict=True))


def _source(portfolio: Portfolio, source: str) -> str:
    return source if source in portfolio.families else "made" if source == "made" else portfolio.main_table


def _source_name(portfolio: Portfolio, code: str, lang: str) -> str:
    words = portfolio.words(lang)
    if code == "made":
        return t("record.source.made", lang)
    return typeset(words["families"].get(code) or words["tables"].get(code, code), lang)
