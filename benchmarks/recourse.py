"""What would change a decision: how often something does, and how long the search takes."""

import time

from benchmarks.measure import Line, median, percentile
from data.bank import open_bank
from model.assess import glance
from model.recourse import recourse

PORTFOLIO, CALLS, AT_ONCE = "home_credit", 500, 1_000
WHAT = "what would change the decision"


def measure() -> list[Line]:
    """Return share and times over 500 clients whose refusal is proposed, spread over the bank."""
    ids = _refused()
    recourse(PORTFOLIO, ids[0])
    taken, proposed, accepted = [], 0, 0
    for client_id in ids:
        began = time.perf_counter()
        found = recourse(PORTFOLIO, client_id)
        taken.append(1000 * (time.perf_counter() - began))
        proposed += bool(found.proposals)
        accepted += any(one.decision == "accept" for one in found.proposals)
    synthetic = open_bank(PORTFOLIO).meta.synthetic
    who = f"{len(ids)} refused {'synthetic' if synthetic else 'real'} clients"
    note = f"up to an approval for {accepted / len(ids):.1%}"
    return [
        Line("", f"{WHAT}, share with a proposal ({who})", "%", 100 * proposed / len(ids), note=note),
        Line("", f"{WHAT}, median ({who})", "ms", median(taken)),
        Line("", f"{WHAT}, p95 ({who})", "ms", percentile(taken, 0.95), at_most=1_000),
    ]


def _refused() -> list[str]:
    ids, total = open_bank(PORTFOLIO).search("", limit=1_000_000)
    some = ids[:: max(total // (20 * CALLS), 1)]
    told = (one for at in range(0, len(some), AT_ONCE) for one in glance(PORTFOLIO, some[at : at + AT_ONCE]))
    found = [one.client_id for one in told if one.decision == "refuse"]
    return found[:: max(len(found) // CALLS, 1)][:CALLS]
