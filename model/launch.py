"""Starts a background job within its bounds: ``python -m model.launch MEMORY_MB FILES_MB FOLDER ARGUMENTS``.

The bounds are set in the process itself before it becomes the job, so that the web process never
runs Python between a fork and an exec. Only the standard library is loaded here.
"""

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

MB = 1 << 20
NICE = 10
CLAIMED_TIMES = 4
PROCESSOR_SECONDS = 3600


def bounds(memory_mb: int, files_mb: int) -> dict[int, int]:
    """Return the limits of a job by resource.

    The kernel can only limit what a process claims, and libraries claim far more than they use
    (DuckDB a buffer of 8 MB per column): the limit here is a multiple, for a single claim gone wild,
    and ``model.reporting`` watches what is really used. The size of a file is limited so that a
    small file that unpacks without end cannot fill the disk.
    """
    return {
        resource.RLIMIT_DATA: memory_mb * CLAIMED_TIMES * MB,
        resource.RLIMIT_FSIZE: files_mb * MB,
        resource.RLIMIT_CPU: PROCESSOR_SECONDS,
        # What a crash leaves behind would hold clients' data.
        resource.RLIMIT_CORE: 0,
    }


def main(arguments: list[str]) -> None:
    """Set the bounds, step behind the web process, and become ``python ARGUMENTS``."""
    memory_mb, files_mb, folder, *command = arguments
    for kind, limit in bounds(int(memory_mb), int(files_mb)).items():
        _, hard = resource.getrlimit(kind)
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (limit, limit))
    os.nice(NICE)
    # Should the whole machine run short, this goes first and not the application.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    # Everything temporary lies in the job's own folder, which is removed however it ends.
    os.putenv("TMPDIR", folder)
    # Arrow's own allocator reserves a gigabyte at once, which would count as used.
    os.putenv("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
