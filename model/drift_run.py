"""The whole way of a batch: read, scored, judged, kept, then reported on by Evidently."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from data import portfolios
from model import batches, drift_batch, drift_sides
from model.artifact import champion
from model.drift import LIMITS, About, judge
from model.drift_effects import effects
from model.drift_results import BatchVerdict, ColumnDrift
from model.drift_sides import Side

Step = Callable[..., None]


def run(
    portfolio_id: str,
    given: str,
    *,
    name: str = "",
    day: date | None = None,
    with_report: bool = True,
    each: Step = lambda step, done=0, total=0: None,
) -> BatchVerdict:
    """Judge the batch at the path ``given`` (or the bank's ``unlabelled`` files) and keep the verdict.

    Parameters
    ----------
    name, day : what to call the batch, and the day it is about (today)
    with_report : whether Evidently reports on it as well
    each : called with the step under way and, where it can be counted, how far it is

    Raises
    ------
    data.load_files.LoadError
        When the batch is not what it should be; nothing is kept then.
    ModelMissing, ModelDamaged, BankMissing
    """
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    each("reading")
    batch = drift_batch.read(portfolio, given)
    each("preparing")
    before = drift_sides.training(portfolio, model)
    after = drift_sides.batch(portfolio, model, batch.frame, lambda done, of: each("scoring", done, of))
    batch = replace(batch, frame=batch.frame.clear())  # what comes needs the memory
    each("comparing")
    now = datetime.now(UTC)
    about = About(
        id=batches.new_id(now),
        name=drift_batch.named(Path(name)) if name else batch.name,
        source=batch.source,
        day=(day or now.date()).isoformat(),
        made=now.isoformat(timespec="seconds"),
    )
    enough = min(before.rows, after.rows) >= LIMITS.least
    moved = effects(model, before, after) if enough else None
    verdict = judge(portfolio, model, before, after, about, moved)
    batches.keep(verdict)
    if with_report and enough:
        each("report")
        report(portfolio_id, verdict, before, after)
    return verdict


def report(portfolio_id: str, verdict: BatchVerdict, before: Side, after: Side) -> None:
    """Have Evidently report on a batch that was judged, and keep the report beside the verdict."""
    from model import drift_report  # seconds and 200 MB, which a verdict alone does not need

    made = drift_report.make(portfolios.load(portfolio_id).columns, verdict, before, after)
    batches.keep_report(portfolio_id, verdict.id, made.html, made.content)


def half(portfolio_id: str, seed: int) -> BatchVerdict:
    """Judge a random half of what the model learnt from against the other half; nothing is kept.

    A rule that calls this anything but stable would cry wolf.
    """
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    now = datetime.now(UTC)
    about = About("half", f"half {seed}", "half", now.date().isoformat(), now.isoformat(timespec="seconds"))
    before, after = drift_sides.halves(drift_sides.training(portfolio, model), seed)
    return judge(portfolio, model, before, after, about)


def lines(verdict: BatchVerdict) -> list[str]:
    """Return a verdict as the lines that the command prints."""
    told = [f"{verdict.state}  (batch {verdict.id}: {verdict.rows} files against {verdict.rows_before})"]
    if verdict.score is None:
        return [*told, f"too few files to say anything: at least {verdict.limits.least} are needed"]
    score = verdict.score
    told += [
        f"{'because of':22} {', '.join(verdict.causes) or 'nothing'}",
        f"{'score PSI':22} {score.psi:.3f}  (watch from {score.limit:.2f})",
        f"{'median points':22} {score.median_before:.0f} to {score.median_after:.0f}",
        f"{'proposed refusals':22} {score.refused_before:.1%} to {score.refused_after:.1%}",
        f"{'weight that moved':22} {verdict.weight_watch:.1%}, of which {verdict.weight_act:.1%} to act on",
    ]
    return told + [_line(column) for column in verdict.columns if column.state in ("watch", "act")]


def _line(column: ColumnDrift) -> str:
    index = "too few known" if column.psi is None else f"PSI {column.psi:.3f}"
    return (
        f"  {column.state:5} {column.name:32} {index}, missing {column.missing_before:.1%} to "
        f"{column.missing_after:.1%}, unseen {column.unseen:.1%}, score {column.points or 0:+.1f} points"
    )
