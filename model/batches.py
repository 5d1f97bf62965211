"""The batches that were judged: what is kept of each, written by the command and read by the web.

``store/drift/<portfolio>/<batch>/`` holds ``verdict.json``, then ``report.html.gz`` and
``report.json`` once Evidently's report is made. No client's values are kept, only shares.
"""

import logging
import re
import secrets
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import orjson

from config import settings
from model.drift_results import (
    BatchVerdict,
    ColumnDrift,
    CoverageDrift,
    Limits,
    MainInput,
    ReportAbout,
    ScoreDrift,
    Shape,
)

log = logging.getLogger(__name__)

VERDICT, HTML, REPORT = "verdict.json", "report.html.gz", "report.json"
MOST = 60  # batches read for the history
FORMAT = 1
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
_PORTFOLIO = re.compile(r"\w+")


class UnknownBatch(LookupError):
    """No batch of that number was judged, or its report was not made."""


def is_number(text: str) -> bool:
    """Say whether a text has the form of a batch's number."""
    return _ID.fullmatch(text) is not None


def new_id(now: datetime | None = None) -> str:
    """Return the number of a new batch; numbers follow the time at which batches are judged."""
    return f"{now or datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def keep(verdict: BatchVerdict) -> Path:
    """Keep a verdict, whole or not at all; return its folder."""
    folder = _folder(verdict.portfolio, verdict.id)
    fresh = folder.with_name(f".{folder.name}.part")
    fresh.mkdir(parents=True)
    try:
        (fresh / VERDICT).write_bytes(written(verdict))
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def keep_report(portfolio_id: str, batch_id: str, html: bytes, content: Mapping) -> None:
    """Keep the report of a batch beside its verdict; ``html`` is gzipped already."""
    folder = _folder(portfolio_id, batch_id)
    _replace(folder / HTML, html)
    _replace(folder / REPORT, orjson.dumps(content))  # last: with it, the report is there


def read(portfolio_id: str, batch_id: str) -> BatchVerdict:
    """Return the verdict on a batch.

    Raises
    ------
    UnknownBatch
        When there is no such batch, or the number is none.
    """
    try:
        return understood((_folder(portfolio_id, batch_id) / VERDICT).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        raise UnknownBatch("no batch of that number was judged") from None


def batches(portfolio_id: str) -> list[BatchVerdict]:
    """Return the last batches judged, ordered by the day they are about, the latest last."""
    found = []
    for name in _numbers(portfolio_id)[-MOST:]:
        try:
            found.append(_cached(portfolio_id, name))
        except UnknownBatch:
            log.error("batch %s of %s cannot be read and is left out", name, portfolio_id)
    return sorted(found, key=lambda verdict: (verdict.day, verdict.id))


def report(portfolio_id: str, batch_id: str) -> ReportAbout | None:
    """Return what is told of the report of a batch, None when it was not made."""
    try:
        about = orjson.loads(report_file(portfolio_id, batch_id, REPORT).read_bytes())["about"]
        return ReportAbout(**about)
    except (OSError, ValueError, KeyError, TypeError, UnknownBatch):
        return None


def has_report(portfolio_id: str, batch_id: str) -> bool:
    """Say whether the report of a batch was made."""
    return (_folder(portfolio_id, batch_id) / REPORT).is_file()


def report_file(portfolio_id: str, batch_id: str, name: str) -> Path:
    """Return the path of ``HTML`` or ``REPORT`` of a batch.

    Raises
    ------
    UnknownBatch
        When it is not there.
    """
    path = _folder(portfolio_id, batch_id) / name
    if name not in (HTML, REPORT) or not path.is_file():
        raise UnknownBatch("no report of that batch")
    return path


def written(verdict: BatchVerdict) -> bytes:
    """Return a verdict as JSON."""
    return orjson.dumps({"format": FORMAT, "verdict": verdict})


def understood(text: bytes) -> BatchVerdict:
    """Return the verdict that :func:`written` wrote."""
    told = orjson.loads(text)
    if told["format"] != FORMAT:
        raise ValueError(f"verdict of format {told['format']}, expected {FORMAT}")
    said = told["verdict"]
    score = said["score"]
    return BatchVerdict(
        **said
        | {
            "causes": tuple(said["causes"]),
            "score": score and ScoreDrift(**score | {"shape": _shape(score["shape"])}),
            "main": tuple(MainInput(**one | {"inputs": tuple(one["inputs"])}) for one in said["main"]),
            "columns": tuple(_column(one) for one in said["columns"]),
            "limits": Limits(**said["limits"]),
            "coverage": tuple(CoverageDrift(**one) for one in said["coverage"]),
        }
    )


def _column(told: Mapping) -> ColumnDrift:
    return ColumnDrift(**told | {"causes": tuple(told["causes"]), "shape": _shape(told["shape"])})


def _shape(told: Mapping | None) -> Shape | None:
    return None if told is None else Shape(**{name: tuple(values) for name, values in told.items()})


_cache: dict[Path, tuple[int, BatchVerdict]] = {}


def _cached(portfolio_id: str, batch_id: str) -> BatchVerdict:
    """Return a verdict, read again only when its file was written again."""
    path = _folder(portfolio_id, batch_id) / VERDICT
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        raise UnknownBatch("no batch of that number was judged") from None
    if path not in _cache or _cache[path][0] != stamp:
        if len(_cache) >= 2 * MOST:
            _cache.clear()
        _cache[path] = stamp, read(portfolio_id, batch_id)
    return _cache[path][1]


def _numbers(portfolio_id: str) -> list[str]:
    place = settings().store_dir / "drift" / portfolio_id
    if not _PORTFOLIO.fullmatch(portfolio_id) or not place.is_dir():
        return []
    return sorted(path.name for path in place.iterdir() if _ID.fullmatch(path.name))


def _folder(portfolio_id: str, batch_id: str) -> Path:
    """Return the folder of a batch; what was asked for never leads out of the store."""
    if not _PORTFOLIO.fullmatch(portfolio_id) or not _ID.fullmatch(batch_id):
        raise UnknownBatch("no batch has such a number")
    return settings().store_dir / "drift" / portfolio_id / batch_id


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.part")
    fresh.write_bytes(content)
    fresh.replace(path)
