"""The steps of a long command, one after the other, with progress bars on standard error."""

from concurrent.futures import ThreadPoolExecutor, wait
from types import TracebackType
from typing import Self

import duckdb
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

POLL_SECONDS = 0.1
# One console for bars and warnings, so that they do not overwrite each other.
CONSOLE = Console(stderr=True)


class Steps:
    """Shows how far each step is, and runs the SQL statements that take long."""

    def __init__(self, show: bool):
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=CONSOLE,
            disable=not show,
        )
        self._last: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._progress.stop()

    def begin(self, name: str) -> None:
        """Show that a step begins, and that the one before has ended."""
        self._finish()
        self._last = self._progress.add_task(name, total=100)

    def run(self, connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
        """Execute ``sql`` and return its rows, moving the bar of the present step; an interrupt stops it."""
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(lambda: connection.execute(sql).fetchall())
            try:
                while not wait([future], POLL_SECONDS).done:
                    self._progress.update(self._last, completed=min(max(connection.query_progress(), 0), 99))
            except KeyboardInterrupt:
                connection.interrupt()
                raise
        return future.result()

    def count(self, done: int, total: int) -> None:
        """Move the bar of the present step to ``done`` of ``total``."""
        self._progress.update(self._last, completed=min(100 * done / max(total, 1), 99))

    def _finish(self) -> None:
        if self._last is not None:
            self._progress.update(self._last, completed=100)
            self._last = None
