"""Sixteen users decide while workers and the database are killed: is every answered decision kept, once?

``python -m benchmarks.deciding --minutes 10`` on SQLite; with ``--postgresql`` (as root on Debian) on a
PostgreSQL cluster of its own, which is killed too. Not a matter of speed, so it has no row.
"""

import argparse
import http.client
import json
import logging
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import stores
from benchmarks.callers import PORTFOLIO, Refused, until_answers
from benchmarks.postgresql import Cluster, throwaway
from benchmarks.processes import ROOT, Server, procfile, serving

log = logging.getLogger("benchmarks.deciding")
PORT, USERS, WORKERS = 8072, 16, 2
PATIENCE = 60  # seconds that a user goes on asking for one answer
BETWEEN_KILLS = (4.0, 12.0)
DATABASE_EVERY = 5  # of so many kills, one is the database's

# Read in a process of its own: this one's settings are not the server's.
_READ = """
import json
from sqlalchemy import select
from data.ledger import store, verify
from data.ledger.tables import entries, entry_keys
with store.reading() as connection:
    ids = dict(connection.execute(select(entries.c.number, entries.c.id)).all())
    decided = select(entries.c.id).where(entries.c.kind == "decision")
    found = list(connection.execute(decided).scalars())
    keys = {row.key: ids[row.first] for row in connection.execute(select(entry_keys))}
print(json.dumps({"ids": found, "keys": keys, "breaks": len(verify.verify())}))
"""


@dataclass
class Kept:
    """What the users saw: the id answered for each key, and what went wrong on the way."""

    answered: dict[str, str] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    tries: Counter = field(default_factory=Counter)
    kills: Counter = field(default_factory=Counter)
    slowest: float = 0.0


def main() -> None:
    """Let the users decide, then compare what they were answered with the ledger."""
    asked = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    store = stores.small(asked.keep.resolve())
    with ExitStack() as stack:
        database = stack.enter_context(throwaway()) if asked.postgresql else None
        ledger = asked.keep.resolve() / "deciding.sqlite"
        if database is None:
            for path in ledger.parent.glob(f"{ledger.name}*"):
                path.unlink()
        settings = {
            "STORE_DIR": store,
            "DATABASE_URL": database.url if database else f"sqlite:///{ledger}",
            "PORT": PORT,
            "WEB_CONCURRENCY": WORKERS,
            "API_RATE_LIMIT": "1000000/minute",
            "AUTH": "on",
            "SECRET_KEY": secrets.token_hex(32),
        }
        token = _token(settings)
        server = stack.enter_context(serving(procfile(settings), PORT, asked.keep / "deciding.log"))
        until_answers(server, [("GET", "/health", None)], 120)
        kept = _decide(server, database, token, asked.minutes * 60, asked.seed)
        found = _compared(kept, settings)
    print(json.dumps(found, indent=1))
    raise SystemExit(0 if found["lost"] == found["twice"] == found["breaks"] == 0 else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deciding", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL cluster made for it")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "bench", help="where banks are kept")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _run(settings: dict, *words: str) -> str:
    command = ["env", *(f"{name}={value}" for name, value in settings.items()), sys.executable, *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    if ended.returncode not in (0, 2):
        raise RuntimeError(f"{' '.join(words)}: {ended.stderr[-500:]}")
    return ended.stdout


def _token(settings: dict) -> str:
    """Return a token that may read and decide."""
    told = _run(settings, "-m", "data", "add-token", "deciding", "--scope", "read", "--scope", "decide")
    return next(word for word in told.split() if word.startswith("limpide_"))


def _decide(server: Server, database: Cluster | None, token: str, seconds: float, seed: int) -> Kept:
    kept, end = Kept(), time.monotonic() + seconds
    clients = _clients(token)
    users = [
        threading.Thread(target=_user, args=(number, clients, token, end, kept)) for number in range(USERS)
    ]
    for user in users:
        user.start()
    _kill(server, database, kept, end, random.Random(seed))
    for user in users:
        user.join(timeout=PATIENCE + 30)
    return kept


def _clients(token: str) -> list[str]:
    _, told = _ask("GET", f"/api/v1/{PORTFOLIO}/clients?limit=200", token)
    return [client["client_id"] for client in told["clients"]]


def _user(number: int, clients: list[str], token: str, end: float, kept: Kept) -> None:
    """Decide on one client after the other, and ask again with the same key until answered."""
    count = 0
    while time.monotonic() < end:
        key, count = f"user-{number}-{count}", count + 1
        body = {
            "portfolio": PORTFOLIO,
            "client_id": clients[(number * 13 + count) % len(clients)],
            "decided": "refuse",
            "motive": "Essai de charge.",
        }
        began, decided = time.monotonic(), None
        while decided is None and time.monotonic() - began < PATIENCE:
            try:
                status, told = _ask("POST", "/api/v1/decisions", token, body, key)
                kept.tries[status] += 1
                if status < 300:
                    decided = told["id"]
                elif status < 500:
                    raise Refused(f"{status}: {told}")
                else:
                    time.sleep(0.2)
            except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
                kept.tries[type(error).__name__] += 1
                time.sleep(0.2)
        kept.slowest = max(kept.slowest, time.monotonic() - began)
        if decided is None:
            kept.unanswered.append(key)
        else:
            kept.answered[key] = decided


def _ask(method: str, address: str, token: str, body: dict | None = None, key: str = "") -> tuple[int, dict]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        connection.request(method, address, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def _kill(server: Server, database: Cluster | None, kept: Kept, end: float, chance: random.Random) -> None:
    """Kill a worker, or now and then the database, until the end; leave the last seconds in peace."""
    while time.monotonic() < end - 10:
        time.sleep(chance.uniform(*BETWEEN_KILLS))
        server.check()
        if database is not None and chance.randrange(DATABASE_EVERY) == 0:
            database.crash()
            kept.kills["database"] += 1
        elif workers := server.pids()[1:]:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                kept.kills["worker"] += 1


def _compared(kept: Kept, settings: dict) -> dict:
    """Return what the ledger holds beside what was answered."""
    held = json.loads(_run(settings, "-c", _READ))
    times = Counter(held["ids"])
    wrong = [key for key, decided in kept.answered.items() if held["keys"].get(key) != decided]
    return {
        "on": "postgresql" if settings["DATABASE_URL"].startswith("postgresql") else "sqlite",
        "users": USERS,
        "workers": WORKERS,
        "kills": dict(kept.kills),
        "answers": {str(name): count for name, count in sorted(kept.tries.items(), key=str)},
        "answered": len(kept.answered),
        "unanswered": len(kept.unanswered),
        "in_ledger": len(held["ids"]),
        "lost": sum(decided not in times for decided in kept.answered.values()) + len(wrong),
        "twice": sum(count > 1 for count in times.values()) + len(held["ids"]) - len(held["keys"]),
        "breaks": held["breaks"],
        "slowest_seconds": round(kept.slowest, 1),
    }


if __name__ == "__main__":
    main()
