"""Which processes descend from a given one, read from /proc (proc_pid_stat(5)).

Standard library only and cheap to import: the warden uses it too.
"""

import os
from dataclasses import dataclass

STOPPED_STATES = frozenset("TtZX")


@dataclass(frozen=True)
class ProcessState:
    """`state` is the letter of /proc/<pid>/stat: R, S, D, T (stopped), Z, ..."""

    pid: int
    parent: int
    state: str


@dataclass(frozen=True)
class Process:
    """A process of the environment, as seen from outside: `pid` is the one to send signals to."""

    pid: int
    parent: int
    state: str
    argv: tuple[str, ...]
    namespace_pid: int  # what the process itself calls its pid
    max_rss_kb: int  # VmHWM


def all_states() -> dict[int, ProcessState]:
    """Every process that /proc shows."""
    states = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (state := _read_state(int(name))) is not None:
            states[state.pid] = state
    return states


def descendants(root: int, states: dict[int, ProcessState] | None = None) -> list[ProcessState]:
    """Everything below `root`, parents before children, without `root` itself."""
    states = all_states() if states is None else states
    children: dict[int, list[ProcessState]] = {}
    for state in states.values():
        children.setdefault(state.parent, []).append(state)
    found: list[ProcessState] = []
    pending = [root]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += [state.pid for state in below]
    return found


def describe(state: ProcessState) -> Process | None:
    """None when the process has ended meanwhile."""
    try:
        with open(f"/proc/{state.pid}/cmdline", "rb") as file:
            argv = tuple(part.decode("utf-8", "replace") for part in file.read().split(b"\0")[:-1])
        with open(f"/proc/{state.pid}/status", encoding="utf-8", errors="replace") as file:
            status = dict(line.split(":", 1) for line in file if ":" in line)
    except OSError:
        return None
    return Process(
        pid=state.pid,
        parent=state.parent,
        state=state.state,
        argv=argv,
        namespace_pid=int(status.get("NSpid", str(state.pid)).split()[-1]),
        max_rss_kb=int(status.get("VmHWM", "0").split()[0]),
    )


def _read_state(pid: int) -> ProcessState | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            content = file.read()
    except OSError:
        return None
    # The command's name stands in parentheses and may itself contain any of " ()".
    fields = content[content.rindex(b")") + 2 :].split()
    return ProcessState(pid=pid, parent=int(fields[1]), state=fields[0].decode())
