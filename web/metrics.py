"""``/metrics``, as Prometheus reads it: how much is asked, how fast it is answered, what is decided.

Labels hold route templates, portfolios and decisions: never an address, a file number or a value.

With several gunicorn workers each holds its own counts. ``gunicorn.conf.py`` then names a folder
in which all of them write (``PROMETHEUS_MULTIPROC_DIR``), and whichever answers adds them up.
"""

import hmac
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.values import MutexValue, ValueClass
from werkzeug.exceptions import NotFound

from config import Settings
from data import portfolios
from model import batches
from model.results import Assessment
from web.identity import public

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# The odds double every 20 points; 600 is where most portfolios decide.
_POINTS = tuple(range(440, 781, 20))

_here = CollectorRegistry()
_requests = Counter(
    "limpide_requests", "Requests answered.", ("method", "route", "status"), registry=_here
)  # fmt: skip
_seconds = Histogram(
    "limpide_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=_here
)  # fmt: skip
_assessments = Counter(
    "limpide_assessments", "Files assessed, by what was proposed.", ("portfolio", "decision", "through"),
    registry=_here,
)  # fmt: skip
_points = Histogram(
    "limpide_score_points", "Points of the files assessed.", ("portfolio",), buckets=_POINTS, registry=_here
)  # fmt: skip


class _Batches:
    """The verdict on the last batch of each portfolio, read when it is asked for."""

    def collect(self) -> Iterator[Metric]:
        """Yield what the last batch of each portfolio says."""
        state = GaugeMetricFamily(
            "limpide_batch_verdict", "Verdict on the last batch, as its label.", labels=("portfolio", "state")
        )
        made = GaugeMetricFamily("limpide_batch_day_seconds", "Day of the last batch.", labels=("portfolio",))
        rows = GaugeMetricFamily("limpide_batch_rows", "Files in the last batch.", labels=("portfolio",))
        for name in portfolios.available():
            if judged := batches.batches(name):
                last = judged[-1]
                state.add_metric((name, last.state), 1)
                made.add_metric((name,), datetime.fromisoformat(last.day).replace(tzinfo=UTC).timestamp())
                rows.add_metric((name,), last.rows)
        yield from (state, made, rows)


def install(server: Flask, settings: Settings) -> None:
    """Count every request of ``server`` and serve the counts.

    In production ``/metrics`` exists only with a METRICS_TOKEN and for who sends it
    (``Authorization: Bearer TOKEN``); to anyone else it is an address like any unknown one.
    """
    disable_created_metrics()  # a series more for each, which nobody reads
    token = settings.metrics_token.get_secret_value()
    is_open = settings.app_env == "development" and not token

    @public  # it asks for its own token
    def serve() -> Response:
        if not is_open and not _knows(token):
            raise NotFound
        return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)

    server.add_url_rule("/metrics", "metrics", serve)
    server.after_request(_count)


def assessed(found: Assessment, through: str) -> None:
    """Count an assessment that somebody was shown, ``through`` a ``page`` or the ``api``."""
    _assessments.labels(found.portfolio, found.decision, through).inc()
    _points.labels(found.portfolio).observe(found.points)


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule is not None else "none"
    method = request.method if request.method in ("GET", "POST", "HEAD") else "other"
    _requests.labels(method, route, str(response.status_code)).inc()
    if started := g.get("started"):
        _seconds.labels(route).observe(time.perf_counter() - started)
    return response


def _knows(token: str) -> bool:
    sent = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())


def _registry() -> CollectorRegistry:
    """Return what is counted: here, or by all workers."""
    registry = CollectorRegistry()
    registry.register(_Batches())
    if ValueClass is not MutexValue:
        MultiProcessCollector(registry)
    else:
        ProcessCollector(registry=registry)
        registry.register(_here)
    return registry
