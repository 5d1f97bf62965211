"""Row 3, in process: the whole assessment, from the bank's record to the reasons."""

import time

from benchmarks.measure import Line, median, percentile
from data.bank import open_bank
from model.assess import assess

PORTFOLIO, CALLS = "home_credit", 300


def measure() -> list[Line]:
    """Return the line of the whole assessment without HTTP; ``serve`` adds page and API."""
    ids, total = open_bank(PORTFOLIO).search("", limit=100_000)
    taken = []
    for client_id in ids[:: max(total // CALLS, 1)][: CALLS + 5]:
        began = time.perf_counter()
        assess(PORTFOLIO, client_id)
        taken.append(1000 * (time.perf_counter() - began))
    taken = taken[5:]
    note = f"p95 {percentile(taken, 0.95):.1f} ms"
    return [Line("3", "whole assessment, in process", "ms", median(taken), note=note)]
