"""A PostgreSQL cluster made for a measurement, with Debian's tools, and dropped after it."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAME = "limpide-bench"


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs, and the address of its database."""

    version: str
    url: str

    def crash(self) -> None:
        """Stop it as a power cut would, and start it again."""
        _tool("pg_ctlcluster", self.version, NAME, "stop", "-m", "immediate")
        time.sleep(1)
        _tool("pg_ctlcluster", self.version, NAME, "start")


@contextmanager
def throwaway() -> Iterator[Cluster]:
    """Give a cluster of its own; needs Debian's PostgreSQL and root.

    Raises
    ------
    RuntimeError
        When PostgreSQL is not installed, or a tool fails.
    """
    versions = sorted(path.name for path in Path("/usr/lib/postgresql").glob("*"))
    if not versions:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    version = versions[-1]
    subprocess.run(["pg_dropcluster", "--stop", version, NAME], check=False, capture_output=True)
    _tool(
        "pg_createcluster", "--start", version, NAME, "--", "--auth-local=peer", "--auth-host=scram-sha-256"
    )
    try:
        listed = _tool("pg_lsclusters", "--no-header")
        port = re.search(rf"^\S+\s+{NAME}\s+(\d+)", listed, re.MULTILINE)[1]
        for statement in (
            "CREATE ROLE limpide LOGIN PASSWORD 'limpide'",
            "CREATE DATABASE limpide OWNER limpide",
        ):
            _tool("su", "postgres", "-c", f'psql -q -p {port} -c "{statement}"')
        yield Cluster(version, f"postgresql://limpide:limpide@127.0.0.1:{port}/limpide")
    finally:
        _tool("pg_dropcluster", "--stop", version, NAME)


def _tool(*words: str) -> str:
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    if ended.returncode:
        raise RuntimeError(f"{words[0]}: {ended.stderr.strip()[-300:]}")
    return ended.stdout
