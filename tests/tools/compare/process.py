"""One way's process: frozen between what is measured, as Lambda does, and asked for its CPU time from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

from tests.tools.bench.function import Function

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tools.compare.ways import Way

CPU_CLOCK = 2  # CPUCLOCK_SCHED, include/linux/posix-timers.h: of a process all threads, also those that have ended
TO_EXPORT, PAUSE = 6.0, 0.02  # seconds: for an exporter whose batches wait for five; between looks


class Process(Function):
    """Made is started; `close` it, in whatever state it is."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.made = 0
        self.recorded_calls = 0
        self.recorded_invocations = 0
        if way.sink is not None:
            way.sink.clear()
        began = time.monotonic()
        nowhere = subprocess.DEVNULL
        super().__init__(
            way.wrapper,
            command=way.command,
            folder=way.folder,
            stdout=nowhere,
            stderr=nowhere,
            sampled=True,
            **way.environment,
        )
        try:
            self.wait_until_started()
            self.start_wall = (time.monotonic() - began) * 1e6
            self._spent = 0.0
            self.start_cpu = self._freeze()
        except BaseException:
            self.close()
            raise

    def spend(self, event: dict[str, Any], times: int = 1) -> float:
        """Microseconds of CPU of all threads for each of several invocations, with what is exported meanwhile."""
        os.kill(self.process.pid, signal.SIGCONT)
        for _ in range(times):
            self.invoke(event)
        self.made += event.get("calls", 0) * times
        return self._freeze() / times

    def recorded(self) -> float:
        """The share of its calls that was recorded: by what the sink was sent, or what lay in our spool."""
        if self.way.sink is not None:
            self._wait_until(lambda: self.calls() >= self.made)
        return self.calls() / self.made if self.way.is_watched else 1.0

    def calls(self) -> int:
        return self.way.sink.calls() if self.way.sink is not None else self.recorded_calls

    def messages(self) -> int:
        """How often something was exported, of calls or not."""
        return self.way.sink.messages if self.way.sink is not None else self.recorded_calls + self.recorded_invocations

    def tells_of_invocations(self, times: int) -> bool:
        """Whether anything is exported of invocations that make no calls."""
        before = self.messages()
        self.spend({}, times)
        self._wait_until(lambda: self.messages() > before)
        return self.messages() > before or not self.way.is_watched

    def empty_spool(self) -> None:
        if self.way.is_ours:
            self.recorded_calls += self.in_spool("call_end")
            self.recorded_invocations += self.in_spool("invocation_end")
        super().empty_spool()

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        """Let it run, frozen or not, while an exporter may still be sending."""
        os.kill(self.process.pid, signal.SIGCONT)
        until = time.monotonic() + TO_EXPORT
        while self.way.sink is not None and not condition() and time.monotonic() < until:
            time.sleep(PAUSE)
        self._freeze()

    def _freeze(self) -> float:
        """Microseconds of CPU since it was frozen last."""
        os.kill(self.process.pid, signal.SIGSTOP)
        state = os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if state is None or state.si_code != os.CLD_STOPPED:
            raise ConnectionError(f"{self.way.name}: the function's process has ended")
        before, self._spent = self._spent, time.clock_gettime((~self.process.pid << 3) | CPU_CLOCK) * 1e6
        return self._spent - before
