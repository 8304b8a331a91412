"""The share of a core that a function of some memory has, as a CPU quota of a control group (v1 or v2) of our own.

AWS's page "Configure Lambda function memory": at 1,769 MB a function has one vCPU. The quota is enforced in periods of
20 ms here; Lambda's own period is not documented.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE_CORE_MB = 1_769
PERIOD_US = 20_000
_ROOTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup/cpu,cpuacct"))


class NoQuotaError(Exception):
    """No control group with a CPU quota can be made here; says why."""


@contextlib.contextmanager
def group(memory_mb: int) -> Iterator[Path]:
    """A control group's `cgroup.procs`: a process that writes 0 to it has that share, with all that it forks."""
    folder = _make()
    try:
        _set_quota(folder, max(1_000, PERIOD_US * memory_mb // WHOLE_CORE_MB))
        yield folder / "cgroup.procs"
    finally:
        _remove(folder)


def _make() -> Path:
    reasons = []
    for root in _ROOTS:
        if not (root / "cgroup.procs").exists():
            continue
        try:
            folder = Path(tempfile.mkdtemp(prefix="aftercall-bench-", dir=root))
        except OSError as error:
            reasons.append(f"{root}: {error.strerror}")
            continue
        if (folder / "cpu.max").exists() or (folder / "cpu.cfs_quota_us").exists():
            return folder
        folder.rmdir()
        reasons.append(f"{root}: no cpu controller")
    raise NoQuotaError("; ".join(reasons) or "no control groups are mounted")


def _set_quota(folder: Path, quota_us: int) -> None:
    if (folder / "cpu.max").exists():
        (folder / "cpu.max").write_text(f"{quota_us} {PERIOD_US}")
    else:
        (folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (folder / "cpu.cfs_quota_us").write_text(str(quota_us))


def _remove(folder: Path) -> None:
    """Whoever is left in it is given a moment to be gone."""
    until = time.monotonic() + 5.0
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            os.rmdir(folder)
            return
        time.sleep(0.01)
