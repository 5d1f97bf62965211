"""How gunicorn serves Limpide: each worker is one process with threads and the model in it."""

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
