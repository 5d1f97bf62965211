"""What keeping a decision costs: milliseconds per entry, on SQLite and on PostgreSQL.

``python -m benchmarks.entries``; PostgreSQL is measured in a cluster of its own, which needs root.
"""

import statistics
import sys
import tempfile
import time

import config
from benchmarks import postgresql
from data.ledger import store, verify
from data.ledger.address import address
from data.ledger.entries import Author, Draft, add

ENTRIES, BATCH = 200, 1_000
# About what a decision holds: values, contributions, reasons and texts in two languages.
CONTENT = {"texts": ["Le revenu déclaré est de 45 000 par an, au-dessus de la médiane. "] * 600}
AUTHOR = Author("benchmark", ("advisor",), "page")


def main() -> None:
    """Print the figures of each database."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", "sqlite:///" + folder + "/ledger.sqlite")
    try:
        with postgresql.throwaway() as cluster:
            _measure("PostgreSQL", cluster.url)
    except RuntimeError as error:
        sys.stdout.write(f"PostgreSQL: not measured ({error})\n")


def _measure(name: str, url: str) -> None:
    opened = config.Settings(database_url=url)
    config.settings = lambda: opened
    store.settings = config.settings
    store.engine()
    taken = [_milliseconds(1) for _ in range(ENTRIES)]
    together = _milliseconds(BATCH) / BATCH
    began = time.perf_counter()
    broken = verify.verify()
    checked = 1e6 * (time.perf_counter() - began) / verify.head().number
    if broken:
        raise RuntimeError(f"{name}: the chain does not hold")
    worst = statistics.quantiles(taken, n=20)[-1]
    sys.stdout.write(
        f"{name}: one entry {statistics.median(taken):.1f} ms (95 % within {worst:.1f} ms), "
        f"{together:.2f} ms each in a batch of {BATCH:,}; verified at {checked:.0f} µs each\n"
    )
    store._engines.pop(address(opened)).dispose()


def _milliseconds(entries: int) -> float:
    draft = Draft("decision", "home_credit", "100002", CONTENT, None, 571.2, "refuse", "refuse", "1", "fr")
    began = time.perf_counter()
    add([draft] * entries, AUTHOR)
    return 1e3 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
