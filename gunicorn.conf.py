"""How gunicorn serves Limpide: each worker is one process with threads and the model in it."""

import shutil
import tempfile

from config import settings

bind = f"127.0.0.1:{settings().port}" if settings().app_env == "development" else f"0.0.0.0:{settings().port}"
workers = settings().web_concurrency
worker_class = "gthread"
threads = 8
timeout = 60
# Loaded after the fork: the threads of Polars and DuckDB do not survive one, and a worker
# forked from a process that has used them waits for ever.
preload_app = False
# Requests are logged by the application, without the ids that URLs carry.
accesslog = None
# Nothing here is run by remote control, and the home folder may be read-only.
control_socket_disable = True

# Each worker counts for itself; several write their counts here, and /metrics adds them up.
_counts = tempfile.mkdtemp(prefix="limpide-metrics-") if workers > 1 else ""
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_counts}"] if _counts else []


def on_exit(_server: object) -> None:
    """Remove what the workers counted in."""
    if _counts:
        shutil.rmtree(_counts, ignore_errors=True)
