"""One generation of an execution environment: its extensions and its runtime, from init to shutdown.

    init       extensions start in parallel and register -> the runtime starts -> all have asked for next
    invoke     INVOKE to extensions, the event to the runtime -> the runtime asks for next -> so do all extensions
    shutdown   SIGTERM or SIGKILL to the runtime, SHUTDOWN to extensions -> SIGKILL to what is left

After a time-out or a crash it is shut down, and another one takes its place in the same sandbox, with the same /tmp.
"""

import asyncio
import json
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aftercall.sandbox import platform_records
from aftercall.sandbox.config import SandboxConfig
from aftercall.sandbox.containment import ContainedProcess, Containment, describe_exit
from aftercall.sandbox.extensions import MAX_EXTENSIONS, Extension, ExtensionRegistry
from aftercall.sandbox.invocation import Invocation, Status
from aftercall.sandbox.layout import Layout
from aftercall.sandbox.logs import LogLine, LogPipe, LogSource
from aftercall.sandbox.process_environment import ProcessEnvironment
from aftercall.sandbox.runtime_state import RuntimeState
from aftercall.sandbox.telemetry import TelemetryStream

# Of AWS's page "Lambda runtime environment", shutdown phase: the runtime's share and the whole.
_RUNTIME_SECONDS = 0.3
_SHUTDOWN_SECONDS = 2.0
# A runtime that has reported an init error ends by itself; how long it may take.
_INIT_ERROR_SECONDS = 0.3


class EnvironmentFault(Exception):  # noqa: N818 - AWS calls it so
    """The generation cannot go on. `payload` is the error the runtime gave, where it gave one."""

    def __init__(
        self, error_type: str, message: str, *, status: Status = "crash", payload: bytes | None = None
    ) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.status: Status = status
        self.payload = payload


@dataclass(frozen=True)
class Placement:
    """Where things are and what they are started with; the same for all generations of a sandbox."""

    config: SandboxConfig
    layout: Layout
    containment: Containment
    variables: ProcessEnvironment
    extension_names: Sequence[str]
    runtime_argv: Sequence[str]
    on_line: Callable[[LogLine], None]
    record_all: list[dict[str, Any]]


class ExecutionEnvironment:
    """`phase` is `init`, or `invoke` for the suppressed init of a generation that replaces another."""

    def __init__(self, placement: Placement, phase: str) -> None:
        self._placement = placement
        self._config = placement.config
        self._containment = placement.containment
        self._phase = phase
        self._changed = asyncio.Event()
        self._fault: EnvironmentFault | None = None
        self._stopping = False
        self._pipes: list[LogPipe] = []
        self._runtime_process: ContainedProcess | None = None
        self._invocation: Invocation | None = None
        self._initialised = False
        self.stream = TelemetryStream(placement.record_all)
        self.extensions = ExtensionRegistry(self._config.initialization_type, self._changed.set)
        self.runtime = RuntimeState(self._changed.set, self._on_runtime_next)

    async def init(self) -> float:
        """The duration in milliseconds. Raises EnvironmentFault; on TimeoutError from outside call `fail_init`."""
        self._init_started_at = time.time()
        self.stream.emit("platform.initStart", platform_records.init_start(self._config, self._phase))
        try:
            await self._start_extensions()
            await self._until(self.extensions.all_registered)
            await self._start_runtime()
            await self._until(lambda: self.runtime.waiting)
            await self._until(self.extensions.all_waiting)
        except EnvironmentFault as fault:
            self.fail_init("timeout" if fault.status == "timeout" else "error", fault.error_type)
            raise
        finally:
            self.extensions.open = False
            for extension in self.extensions:
                self.stream.emit("platform.extension", platform_records.extension(extension))
        duration = (time.time() - self._init_started_at) * 1000
        self._initialised = True
        self.stream.emit(
            "platform.initReport", platform_records.init_report(self._config, self._phase, "success", duration)
        )
        return duration

    def fail_init(self, status: str, error_type: str) -> None:
        duration = (time.time() - self._init_started_at) * 1000
        if not self.runtime.waiting:
            record = platform_records.init_runtime_done(self._config, self._phase, status, error_type)
            self.stream.emit("platform.initRuntimeDone", record)
        report = platform_records.init_report(self._config, self._phase, status, duration, error_type)
        self.stream.emit("platform.initReport", report)
        self._initialised = True

    @property
    def in_init(self) -> bool:
        return not self._initialised

    async def invoke(self, invocation: Invocation) -> None:
        """Returns when the environment is idle again. Raises EnvironmentFault."""
        self._invocation = invocation
        event = {
            "eventType": "INVOKE",
            "deadlineMs": int(invocation.deadline * 1000),
            "requestId": invocation.request_id,
            "invokedFunctionArn": self._config.function_arn,
            **platform_records.tracing(invocation),
        }
        if self._fault is not None:
            raise self._fault
        for extension in self.extensions.subscribed_to("INVOKE"):
            extension.deliver(event)
        self.runtime.deliver(invocation)
        await self._until(lambda: self.runtime.waiting)
        await self._until(self.extensions.all_waiting)

    def runtime_done(self, invocation: Invocation, status: str, error_type: str | None) -> None:
        """Tell telemetry, once, that the runtime is done with this invocation."""
        if invocation.runtime_done_at is not None:
            return
        self.drain_logs()
        invocation.runtime_done_at = time.time()
        record = platform_records.runtime_done(invocation, status, invocation.runtime_done_at, error_type)
        self.stream.emit("platform.runtimeDone", record)

    def drain_logs(self) -> None:
        for pipe in self._pipes:
            pipe.drain()

    async def shutdown(self, reason: str) -> None:
        """Nothing of this generation runs when it returns. The environment must be thawed."""
        self._stopping = True
        self.stream.awake.set()
        deadline = time.time() + _SHUTDOWN_SECONDS
        await self._stop_runtime(gently=reason.lower() == "spindown" and any(e.registered for e in self.extensions))
        # Beside the event, not before it: one that exits at once does not hear of its last invocation's report.
        self.stream.flush()
        event = {"eventType": "SHUTDOWN", "shutdownReason": reason, "deadlineMs": int(deadline * 1000)}
        for extension in self.extensions.external:
            if "SHUTDOWN" in extension.events:
                extension.deliver(event)
            elif extension.process is not None:
                self._containment.signal(extension.process, signal.SIGKILL)
        pending = [e.process.exited for e in self.extensions.external if e.process is not None]
        if pending:
            await asyncio.wait(pending, timeout=max(deadline - time.time(), 0.0))
        await self.discard()

    async def discard(self) -> None:
        """End it at once, without a word to anybody."""
        self._stopping = True
        await self._containment.kill_all()
        for pipe in self._pipes:
            pipe.drain()
            pipe.close()
        self._pipes.clear()
        self.runtime.abandon()
        for extension in self.extensions:
            extension.abandon()
        await self.stream.close()

    async def _start_extensions(self) -> None:
        names = self._placement.extension_names
        if len(names) > MAX_EXTENSIONS:
            raise EnvironmentFault("Extension.TooManyExtensions", f"Extension limit ({MAX_EXTENSIONS}) reached")
        added = [self.extensions.add_external(name) for name in names]
        await asyncio.gather(*(self._start_extension(extension) for extension in added))

    async def _start_extension(self, extension: Extension) -> None:
        program = f"{self._placement.layout.opt}/extensions/{extension.name}"
        environment = self._placement.variables.of_extension()
        try:
            extension.process = await self._spawn([program], environment, "/", "extension", extension.name)
        except OSError as error:
            extension.fail("LaunchError", "Extension.LaunchError")
            raise EnvironmentFault("Extension.LaunchError", f"{program}: {error.strerror}") from None
        extension.process.exited.add_done_callback(lambda future: self._on_extension_exit(extension, future.result()))

    async def _start_runtime(self) -> None:
        argv = self._placement.runtime_argv
        environment = self._placement.variables.of_runtime()
        cwd = self._placement.layout.task_root
        try:
            process = await self._spawn(argv, environment, cwd, "function", self._config.function_name)
        except OSError as error:
            raise EnvironmentFault("Runtime.InvalidEntrypoint", f"{argv[0]}: {error.strerror}") from None
        self._runtime_process = process
        process.exited.add_done_callback(lambda future: self._on_runtime_exit(future.result()))

    async def _spawn(
        self, argv: Sequence[str], environment: dict[str, str], cwd: str, source: LogSource, name: str
    ) -> ContainedProcess:
        pipe = LogPipe(source, name, self._on_line)
        self._pipes.append(pipe)
        return await self._containment.spawn(argv, environment=environment, cwd=cwd, output=pipe.write_end)

    async def _stop_runtime(self, *, gently: bool) -> None:
        process = self._runtime_process
        if process is None or process.exited.done():
            return
        if gently:
            self._containment.signal(process, signal.SIGTERM)
            await asyncio.wait([process.exited], timeout=_RUNTIME_SECONDS)
        self._containment.signal(process, signal.SIGKILL)
        await asyncio.wait([process.exited], timeout=_RUNTIME_SECONDS)

    async def _until(self, condition: Callable[[], bool]) -> None:
        """Wait for it, for a fault, or for an init error of the runtime."""
        while not condition():
            if self.runtime.init_error is not None and not self._initialised:
                await self._raise_init_error(*self.runtime.init_error)
            if self._fault is not None:
                raise self._fault
            self._changed.clear()
            await self._changed.wait()

    async def _raise_init_error(self, payload: bytes, error_type: str) -> None:
        # What the runtime does after it has reported the error is as much part of it as its exit.
        if self._runtime_process is not None:
            await asyncio.wait([self._runtime_process.exited], timeout=_INIT_ERROR_SECONDS)
        raise EnvironmentFault(error_type, "the runtime reported an init error", status="error", payload=payload)

    def _on_runtime_next(self) -> None:
        self.drain_logs()
        if self._invocation is None:
            record = platform_records.init_runtime_done(self._config, self._phase, "success")
            self.stream.emit("platform.initRuntimeDone", record)
        else:
            error_type = self._invocation.error_type
            self.runtime_done(self._invocation, "success" if error_type is None else "error", error_type)

    def _on_extension_exit(self, extension: Extension, status: int) -> None:
        self.drain_logs()
        reported = {"InitError": "Extension.InitError", "ExitError": "Extension.ExitError"}.get(extension.state)
        if extension.state != "InitError":
            extension.state = "Exited"
        if not self._stopping:
            extension.error_type = extension.error_type or "Extension.Crash"
            self._fail(EnvironmentFault(reported or "Extension.Crash", describe_exit(status)))

    def _on_runtime_exit(self, status: int) -> None:
        self.drain_logs()
        if not self._stopping:
            reason = "without providing a reason" if status == 0 else f"with error: {describe_exit(status)}"
            self._fail(EnvironmentFault("Runtime.ExitError", f"Runtime exited {reason}"))

    def _fail(self, fault: EnvironmentFault) -> None:
        """The first fault is the one that counts; the others follow from it."""
        self._fault = self._fault or fault
        self._changed.set()

    def _on_line(self, line: LogLine) -> None:
        self._placement.on_line(line)
        self.stream.emit(line.source, self._log_record(line.text), line.time)

    def _log_record(self, text: str) -> Any:
        """With JSON as the log format an object that the function wrote comes as one."""
        if self._config.log_format == "JSON" and text.startswith("{"):
            try:
                return json.loads(text)
            except ValueError:
                return text
        return text
