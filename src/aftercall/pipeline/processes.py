"""The processes that write frames: what each says of itself, and whether their invocations are watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_fields import get_integer, get_text
from aftercall.pipeline.model import Runtime

if TYPE_CHECKING:
    from typing import Any

MAX_PROCESSES = 256


class Processes:
    """`watched`: a `process` frame without `not_watched` was read. `not_watched`: all that were read have it."""

    def __init__(self) -> None:
        self.watched = False
        self.not_watched = False
        self.default_reason = ""
        """Why invocations are not watched, if no process says it itself."""
        self._runtimes: dict[tuple[int, int], Runtime] = {}

    def update(self, header: dict[str, Any]) -> Runtime:
        """Read a `process` frame; the same object is returned for each frame of one process. The last frame counts.

        A process writes before it knows all of itself: calls of its init come before its runtime client is there.
        """
        runtime = self._runtimes.setdefault(_key(header), Runtime())
        if len(self._runtimes) > MAX_PROCESSES:
            del self._runtimes[next(iter(self._runtimes))]
        _update(runtime, header)
        self._note_watch(runtime)
        return runtime

    def find(self, header: dict[str, Any]) -> Runtime:
        """The process of a `process` frame that was read before, with all that it has said since."""
        return self._runtimes.get(_key(header)) or self.update(header)

    def note_seen(self, runtime: Runtime | None) -> None:
        """It wrote of an invocation, so it is watched, whatever its `process` frame said before."""
        if runtime is not None and runtime.not_watched:
            runtime.not_watched = ""
            self._note_watch(runtime)

    def forget_watch(self, started: int) -> None:
        """Whether it is watched is judged by processes that began after `started` (nanoseconds) alone."""
        runtimes = [runtime for runtime in self._runtimes.values() if (runtime.start or 0) >= started]
        self.watched = any(not runtime.not_watched for runtime in runtimes)
        self.not_watched = bool(runtimes) and not self.watched

    def why_not_watched(self) -> str:
        """The reason that the latest process gave; empty if one is watched."""
        if self.watched:
            return ""
        reasons = (runtime.not_watched for runtime in reversed(self._runtimes.values()) if runtime.not_watched)
        return next(reasons, self.default_reason)

    def _note_watch(self, runtime: Runtime) -> None:
        if runtime.not_watched:
            self.not_watched = not self.watched
        else:
            self.watched, self.not_watched = True, False


def _key(header: dict[str, Any]) -> tuple[int, int]:
    return (get_integer(header, "pid") or 0, get_integer(header, "start") or 0)


def _update(runtime: Runtime, header: dict[str, Any]) -> None:
    """A detail that is left out stays as it was, but without `not_watched` the process is watched."""
    runtime.name = get_text(header, "runtime") or runtime.name
    runtime.version = get_text(header, "runtime_version") or runtime.version
    runtime.pid = get_integer(header, "pid")
    runtime.start = get_integer(header, "start")
    runtime.wrapper = get_text(header, "wrapper") or runtime.wrapper
    runtime.client = get_text(header, "client") or runtime.client
    runtime.not_watched = get_text(header, "not_watched")
