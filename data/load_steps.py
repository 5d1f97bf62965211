"""Long SQL statements, with a progress bar on standard error."""

from concurrent.futures import ThreadPoolExecutor, wait
from types import TracebackType
from typing import Self

import duckdb
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

POLL_SECONDS = 0.2


class Steps:
    """Runs the steps of a load one after the other and shows how far each is."""

    def __init__(self, show: bool):
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not show,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def run(self, name: str, connection: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Execute ``sql``; an interrupt stops it at once."""
        if not sql:
            return
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        task = self._progress.add_task(name, total=100)
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(connection.execute, sql)
            try:
                while not wait([future], POLL_SECONDS).done:
                    self._progress.update(task, completed=max(0.0, min(connection.query_progress(), 99)))
            except KeyboardInterrupt:
                connection.interrupt()
                raise
        future.result()
        self._progress.update(task, completed=100)
