"""How gunicorn serves Limpide: one light process with threads, loaded before it forks."""

import gc

from config import settings

bind = f"127.0.0.1:{settings().port}" if settings().app_env == "development" else f"0.0.0.0:{settings().port}"
workers = settings().web_concurrency
worker_class = "gthread"
threads = 8
timeout = 60
preload_app = True
# Requests are logged by the application, without the ids that URLs carry.
accesslog = None


def when_ready(_server):
    """Keep what was loaded before the fork shared between workers."""
    gc.collect()
    gc.freeze()
