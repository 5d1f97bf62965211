"""The head of the Drift page: the batch, the verdict on it, and what it follows from."""

from dash import html
from dash.development.base_component import Component

from components import formats, model_head
from components.drift_state import (
    MOVED,
    change_of_mean,
    files,
    index,
    label,
    moves,
    named,
    shape,
    share,
    word,
)
from components.i18n import own, plural, t
from components.rich import bold
from components.sheet import sheet, unfold
from data.portfolios import Portfolio
from model.drift_results import BatchVerdict, ColumnDrift

NAMED = 3  # inputs that the verdict names
EFFECTS = 3
FELT = 0.3  # points of the mean score under which an effect is not told


def strip(
    portfolio: Portfolio, verdict: BatchVerdict | None, version: str, since: str, lang: str
) -> Component:
    """Return the strip of the page; without a batch it names the model only."""
    facts = []
    if verdict is not None:
        batch = t(
            "drift.batch",
            lang,
            name=named(portfolio, verdict, lang),
            files=files(portfolio, verdict.rows, lang),
        )
        against = t("drift.training", lang, files=files(portfolio, verdict.rows_before, lang))
        facts = [(t("drift.batch.label", lang), batch), (t("drift.training.label", lang), against)]
    facts.append(model_head.in_service(version, since, lang))
    act = html.A(t("drift.check", lang), href="#upload", className="btn small")
    return model_head.strip(t("page.drift", lang), facts, act)


def section(portfolio: Portfolio, verdict: BatchVerdict, version: str, lang: str) -> Component:
    """Return the sheet of the verdict."""
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.P(
                                t("drift.verdict", lang, day=formats.date(verdict.day, lang)),
                                className="label",
                            ),
                            html.H2(
                                [shape(verdict.state), word(portfolio, verdict.state, lang)],
                                id="verdict-title",
                            ),
                        ]
                    ),
                    html.P(_said(portfolio, verdict, lang), className="read"),
                ],
                className="verdict drift-verdict",
            ),
            _older(verdict, version, lang),
            _figures(portfolio, verdict, lang),
            _why(portfolio, verdict, lang),
            unfold(t("drift.rule", lang), _rule(portfolio, verdict, lang)),
        ],
        id="verdict",
        className="sheet",
        **{"aria-labelledby": "verdict-title"},
    )


def spoken(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> str:
    """Return the verdict in one line, as it is announced to those who do not see the page."""
    return t(
        "drift.spoken", lang, name=named(portfolio, verdict, lang), state=word(portfolio, verdict.state, lang)
    )


def empty(portfolio: Portfolio, lang: str) -> Component:
    """Return what stands in the verdict's place before any batch was judged."""
    return sheet(
        "verdict",
        t("drift.empty.title", lang),
        html.P(own(portfolio, "drift.empty.text", lang), className="read"),
        html.P(own(portfolio, "drift.empty.command", lang), className="note"),
        html.P(html.Code(f"python -m model drift {portfolio.id} unlabelled"), className="command"),
    )


def unknown(lang: str) -> Component:
    """Return the note that the batch asked for is not there, and that another is shown."""
    return html.P([bold(t("drift.unknown", lang)), " ", t("drift.unknown.then", lang)], className="warn")


def _said(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> list:
    """Return what the verdict means: may the model stay, what moved, what that does to the score."""
    first = bold(t(f"drift.stay.{verdict.state}", lang))
    first.className = ""
    if verdict.score is None:
        least = formats.number(verdict.limits.least, lang)
        return [first, " ", t("drift.few", lang, files=files(portfolio, verdict.rows, lang), least=least)]
    return [first, " ", " ".join([_moved(portfolio, verdict, lang), _effect(portfolio, verdict, lang)])]


def _moved(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> str:
    beyond = [column for column in verdict.columns if column.state in MOVED]
    if not beyond:
        return t("drift.moved.none", lang)
    # The weightiest first: one fact each.
    named_ = ", ".join(_fact(portfolio, column, lang) for column in beyond[:NAMED])
    count = formats.number(len(beyond), lang)
    more = "all" if len(beyond) <= NAMED else "some"
    return plural(f"drift.moved.{more}", len(beyond), lang, count=count, named=named_)


def _fact(portfolio: Portfolio, column: ColumnDrift, lang: str) -> str:
    told = moves(portfolio, column, lang)
    fact = told[0] if told else word(portfolio, column.state, lang)
    return t("drift.fact", lang, name=_quoted(label(portfolio, column.name, lang), lang), fact=fact)


def _quoted(text: str, lang: str) -> str:
    return t("drift.quoted", lang, text=text)


def _effect(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> str:
    """Return what the batch does to the mean score, and the inputs that do most of it."""
    score = verdict.score
    before, after = (formats.number(mean, lang, 1) for mean in (score.mean_before, score.mean_after))
    gap = change_of_mean(score)
    way = "same" if abs(gap) < 0.5 else "less" if gap < 0 else "more"
    told = t(f"drift.mean.{way}", lang, before=before, after=after, gap=formats.number(abs(gap), lang, 1))
    felt = sorted(
        (column for column in verdict.columns if column.points and abs(column.points) >= FELT),
        key=lambda column: -abs(column.points),
    )[:EFFECTS]
    if not felt:
        return told
    each = ", ".join(
        t(
            "drift.effect",
            lang,
            name=_quoted(label(portfolio, column.name, lang), lang),
            points=formats.number(column.points, lang, 1, signed=True),
        )
        for column in felt
    )
    return f"{told} {t('drift.effects', lang, each=each)}"


def _older(verdict: BatchVerdict, version: str, lang: str) -> Component | None:
    if verdict.model_version == version:
        return None
    told = t("drift.older", lang, then=verdict.model_version, now=version)
    return html.P(told, className="info drift-older")


def _figures(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> Component | None:
    """Return the four figures under the verdict."""
    score = verdict.score
    if score is None:
        return None
    main = {one.name for one in verdict.main}
    beyond = sum(column.name in main and column.state in MOVED for column in verdict.columns)
    medians = [formats.points(value, lang) for value in (score.median_before, score.median_after)]
    refused = [share(value, lang) for value in (score.refused_before, score.refused_after)]
    shown = [
        (t("drift.of", lang, count=beyond, total=len(main)), t("drift.stat.main", lang)),
        (index(score.psi, lang), t("drift.stat.score", lang, limit=formats.number(score.limit, lang, 2))),
        (t("drift.to", lang, before=medians[0], after=medians[1]), own(portfolio, "drift.stat.median", lang)),
        (
            t("drift.to", lang, before=refused[0], after=refused[1]),
            own(portfolio, "drift.stat.refused", lang),
        ),
    ]
    return html.Div(
        [html.Div([html.B(value), html.Span(name)]) for value, name in shown], className="stats ruled"
    )


def _why(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> Component | None:
    """Return the rules that the verdict follows from."""
    if verdict.score is None or not verdict.causes:
        return None
    score = verdict.score
    families = portfolio.words(lang).get("families", {})
    values = {
        "psi": index(score.psi, lang),
        "refused": t(
            "drift.to", lang, before=share(score.refused_before, lang), after=share(score.refused_after, lang)
        ),
        "weight": share(verdict.weight_watch, lang),
        "weight_act": share(verdict.weight_act, lang),
        "families": ", ".join(
            families.get(one.family, one.family) for one in verdict.coverage if one.state in MOVED
        ),
    }
    # What calls for an act says more than what would only have been watched.
    grave = [cause for cause in verdict.causes if cause.endswith("_act") or cause == "coverage"]
    told = grave if verdict.state == "act" else verdict.causes
    rules = [html.Li(own(portfolio, f"drift.cause.{cause}", lang, **values)) for cause in told]
    return html.Div([html.H3(t("drift.why", lang)), html.Ul(rules, className="rules")], className="part")


def _rule(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> Component:
    """Return the whole rule, in the limits that this verdict followed."""
    limits = verdict.limits
    values = {
        name: formats.number(getattr(limits, name), lang, 2) for name in ("psi_watch", "psi_act")
    } | {
        name: formats.number(100 * getattr(limits, name), lang)
        for name in (
            "missing_watch", "missing_act", "unseen_watch", "unseen_act", "refused_watch", "refused_act",
            "covered_watch", "weight_watch", "weight_act",
        )
    }  # fmt: skip
    values["least"] = formats.number(limits.least, lang)
    told = [
        html.Li(own(portfolio, f"drift.rule.{name}", lang, **values))
        for name in ("act", "watch", "column", "chance", "few")
    ]
    return html.Ul(told, className="rules")
