"""A tenth of a processor and 512 MB, as the smallest hosts give, where the machine lets us."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARE, MEGABYTES = 0.1, 512
V1 = Path("/sys/fs/cgroup/cpu")


@contextmanager
def limited() -> Iterator[tuple[list[str], str]]:
    """Yield words to put before a command so that it runs limited, and what is limited.

    Both limits by systemd where it runs. Else the processor alone, by a control group made here
    and removed afterwards. Where neither works the words are empty and nothing is limited.
    """
    if _systemd():
        yield [*_scope(), "--"], f"{SHARE:g} processor, {MEGABYTES} MB"
    elif _divisible():
        group = V1 / f"limpide-bench-{os.getpid()}"
        group.mkdir()
        try:
            (group / "cpu.cfs_period_us").write_text("100000")
            (group / "cpu.cfs_quota_us").write_text(str(int(SHARE * 100_000)))
            yield ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh"], f"{SHARE:g} processor"
        finally:
            group.rmdir()
    else:
        yield [], ""


def _scope() -> list[str]:
    limits = (f"CPUQuota={SHARE:.0%}", f"MemoryMax={MEGABYTES}M", "MemorySwapMax=0")
    return ["systemd-run", "--user", "--scope", "--quiet", *(f"--property={limit}" for limit in limits)]


def _systemd() -> bool:
    if shutil.which("systemd-run") is None:
        return False
    tried = subprocess.run([*_scope(), "true"], capture_output=True, timeout=20, check=False)
    return tried.returncode == 0


def _divisible() -> bool:
    """Say whether we stand in the root group of the processor and may divide it.

    In any other group someone has put us there, and it is not ours to arrange.
    """
    ours = Path("/proc/self/cgroup").read_text().splitlines()
    return any(line.endswith(":cpu:/") or line.endswith(":cpu,cpuacct:/") for line in ours) and os.access(
        V1, os.W_OK
    )
