"""The peers' virtual environments: made once, from pinned requirements, one a peer."""

import hashlib
import logging
import subprocess
import sys
from pathlib import Path

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
LONGEST = 1_800


def python_of(peer: str, kept: Path) -> Path:
    """Return the Python of a peer's environment, made (or made again) when its requirements changed."""
    wanted = HERE / f"{peer}.txt"
    place = kept / "environments" / peer
    stamp, digest = place / "requirements.sha256", hashlib.sha256(wanted.read_bytes()).hexdigest()
    python = place / "bin" / "python"
    if not (stamp.exists() and stamp.read_text() == digest):
        log.info("installing %s", peer)
        _run([sys.executable, "-m", "venv", "--clear", place])
        _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted])
        stamp.write_text(digest)
    return python


def _run(command: list) -> None:
    subprocess.run([str(word) for word in command], check=True, timeout=LONGEST, capture_output=True)
