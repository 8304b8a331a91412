"""When silence means a hang: by what CPU the Python part used, not by how long it took. A table of histories."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "launcher"
STEP_MS = 50
NEVER = 2**63 - 1


class CpuUse(ctypes.Structure):
    _fields_ = (("wants", ctypes.c_bool), ("used_ms", ctypes.c_int64))


class Heartbeat(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_int64) for name in ("due", "spins_at", "used_ms", "looked_ms"))


SHIM = """
#include "heartbeat.h"
static struct cpu_use shown;
static struct cpu_use look(const void *none) { (void)none; return shown; }
bool is_hung(struct heartbeat *heartbeat, moment now, bool wants, int64_t used)
{
    shown.wants = wants;
    shown.used_ms = used;
    return heartbeat_is_hung(heartbeat, now, look, 0);
}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> ctypes.CDLL:
    folder = tmp_path_factory.mktemp("heartbeat")
    (folder / "shim.c").write_text(SHIM)
    made = folder / "heartbeat.so"
    sources = [str(folder / "shim.c"), str(SOURCE / "heartbeat.c")]
    subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", f"-I{SOURCE}", "-o", str(made), *sources], check=True)
    loaded = ctypes.CDLL(str(made))
    loaded.is_hung.restype = ctypes.c_bool
    return loaded


def hung_after(library: ctypes.CDLL, *, wants: bool, share: float, ready: bool, seconds: int = 60) -> float | None:
    """Milliseconds until it is judged hung; None where it never is. `share`: of the CPU, that it gets."""
    heartbeat = Heartbeat()
    library.heartbeat_begin(ctypes.byref(heartbeat), ctypes.c_int64(0), ctypes.c_bool(ready))
    for now in range(0, seconds * 1000, STEP_MS):
        used = ctypes.c_int64(int(now * share / 10) * 10)  # the kernel counts in steps of 10 ms
        if library.is_hung(ctypes.byref(heartbeat), ctypes.c_int64(now), ctypes.c_bool(wants), used):
            return now
    return None


# name: (wants CPU, share of it, ready, judged hung between these milliseconds)
HISTORIES: dict[str, tuple[bool, float, bool, tuple[int, int] | None]] = {
    "asleep or stopped": (False, 0.0, True, (800, 1_200)),
    "asleep or stopped at its start": (False, 0.0, False, (2_500, 2_800)),
    "starved, no CPU at all": (True, 0.0, True, None),
    "starved, one in a hundred": (True, 0.01, True, None),
    "starved, one in thirty": (True, 0.03, True, None),
    "starved at its start": (True, 0.01, False, None),
    "slow, asleep at each look, and getting on": (False, 0.1, True, (28_000, 34_000)),
    "spins on a whole core": (True, 1.0, True, (3_000, 5_000)),
    "spins on half a core": (True, 0.5, True, (6_000, 8_500)),
    "spins at its start": (True, 1.0, False, (8_000, 9_500)),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_what_is_slow_is_not_hung(library, name: str) -> None:
    wants, share, ready, between = HISTORIES[name]
    seen = hung_after(library, wants=wants, share=share, ready=ready)
    if between is None:
        assert seen is None
    else:
        assert seen is not None
        assert between[0] <= seen <= between[1]


def test_a_beat_begins_the_clock_anew(library) -> None:
    heartbeat = Heartbeat()
    library.heartbeat_begin(ctypes.byref(heartbeat), ctypes.c_int64(0), ctypes.c_bool(True))
    for now in range(0, 60_000, 400):  # it spins, and says so each time
        assert not library.is_hung(
            ctypes.byref(heartbeat), ctypes.c_int64(now), ctypes.c_bool(True), ctypes.c_int64(now)
        )
        library.heartbeat_expect(ctypes.byref(heartbeat), ctypes.c_int64(now), ctypes.c_int64(400))


def test_nothing_is_hung_while_no_beats_are_asked_for(library) -> None:
    heartbeat = Heartbeat(due=0)
    library.heartbeat_stop(ctypes.byref(heartbeat))
    assert heartbeat.due == NEVER
    assert not library.is_hung(ctypes.byref(heartbeat), ctypes.c_int64(10**9), ctypes.c_bool(False), ctypes.c_int64(0))
