"""A comparison as lines of plain text, for whoever asked for it at a terminal. Fits nothing."""

from collections.abc import Iterator, Mapping, Sequence

from model.compared import METRICS

_HEADS = {"balanced_accuracy": "bal. acc."}
_NAME = 14


def lines(found: Mapping) -> Iterator[str]:
    """Yield the lines of a comparison (see :mod:`model.compared`)."""
    yield _judged_on(found)
    for population in found["populations"]:
        yield from ("", *_population(population, found["metric"]))
    if found["routed"]:
        yield from ("", *_routed(found["routed"]))
    for name in found["left_out"]:
        yield f"warning: {name} has too few rows of one outcome and was left out"
    yield f"done in {found['seconds']:.0f} s, seed {found['seed']}"


def _judged_on(found: Mapping) -> str:
    about, rows = found["judged_on"], found["data"]
    where = (
        f"judged out of fold on {rows['judged']:,} rows"
        if about is None
        else f"learnt on {rows['learnt']:,} rows, judged on the {rows['judged']:,} "
        f"of {about['column']} {', '.join(map(str, about['values']))}"
    )
    synthetic = " (synthetic)" if rows["synthetic"] else ""
    return (
        f"{found['portfolio']}{synthetic}: {where}; said positive from a probability of {found['mark']:.3g}"
    )


def _population(one: Mapping, metric: str) -> Iterator[str]:
    yield f"{_title(one)}: {one['judged']:,} rows, {one['positives'] / one['judged']:.1%} positive"
    yield from _table(one["algorithms"])
    yield "best out of fold  " + ", ".join(f"{metric}: {name}" for metric, name in one["best"].items())
    if one["search"]:
        yield from (_searched(finalist, metric) for finalist in one["search"]["finalists"])
    kept = one["retained"]
    settings = ", ".join(f"{name.split('__')[-1]} {value:.3g}" for name, value in kept["parameters"].items())
    yield f"retained by {metric}: {kept['name']} ({settings or 'usual settings'})"
    yield from _table([kept])
    for point in one["learning"]["points"]:
        yield f"  learning from {point['rows']:>8,} rows: {metric} {_sure(point['score'])}"
    if "gain" in kept:
        yield "own model less pooled model, on the same rows"
        yield from (_gain(own) for own in [*one["algorithms"], kept | {"name": "retained"}])


def _title(one: Mapping) -> str:
    if one["column"] is None:
        return one["name"]
    low, high = one["low"], one["high"]
    if low is None:
        return f"{one['column']} under {high:g}"
    return f"{one['column']} {low:g} and over" if high is None else f"{one['column']} {low:g} to {high:g}"


def _table(models: Sequence[Mapping]) -> Iterator[str]:
    heads = [_HEADS.get(name, name) for name in METRICS]
    yield f"{'':{_NAME}}" + "".join(f"{head:>11}" for head in heads) + f"{'(95 % of auc)':>20}{'fit':>9}"
    for one in models:
        figures, area = one["metrics"], one["metrics"]["auc"]
        values = "".join(f"{figures[name]['value']:>11.4f}" for name in METRICS)
        took = f"{one['seconds']:>7.1f} s" if "seconds" in one else ""
        yield f"{one['name']:{_NAME}}{values}{_between(area):>20}{took}"


def _searched(finalist: Mapping, metric: str) -> str:
    return (
        f"search  {finalist['name']}: {metric} {finalist['before']:.4f} to {finalist['after']:.4f} "
        f"out of fold, {finalist['trials']} trials"
    )


def _routed(routed: Mapping) -> Iterator[str]:
    yield "everyone by the model of their own segment, less the pooled model"
    yield from (_gain(one) for one in [*routed["algorithms"], routed["retained"]])


def _gain(one: Mapping) -> str:
    told = "  ".join(
        f"{name} {_signed(one['gain'][name])}" for name in ("recall", "balanced_accuracy", "auc")
    )
    return f"  {one['name']:{_NAME}}{told}"


def _signed(figure: Mapping) -> str:
    return f"{figure['value']:+.4f} ({figure['low']:+.4f} to {figure['high']:+.4f})"


def _sure(figure: Mapping) -> str:
    return f"{figure['value']:.4f} {_between(figure)}"


def _between(figure: Mapping) -> str:
    return f"({figure['low']:.4f} to {figure['high']:.4f})"
