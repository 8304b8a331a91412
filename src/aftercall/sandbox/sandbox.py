"""The sandbox: puts the parts together and takes invocations, one after another, as one execution environment does."""

import asyncio
import contextlib
import json
import os
import shutil
import tempfile
import time
import uuid
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aftercall.sandbox import platform_records, runtime_command
from aftercall.sandbox.api_server import ApiCall, ApiServer
from aftercall.sandbox.config import SandboxConfig, SandboxError
from aftercall.sandbox.containment import ISOLATIONS, Containment
from aftercall.sandbox.execution_environment import EnvironmentFault, ExecutionEnvironment, Placement
from aftercall.sandbox.invocation import Invocation, Outcome, error_payload, new_trace_id
from aftercall.sandbox.layers import extension_names, merge_layers
from aftercall.sandbox.layout import Layout, plain_layout
from aftercall.sandbox.logs import LogLine
from aftercall.sandbox.private_root import RootPlan
from aftercall.sandbox.process_environment import ProcessEnvironment
from aftercall.sandbox.process_tree import Process


class Sandbox:
    """Use it as an async context manager: entering runs the init phase, leaving ends everything.

    A failed init is not an exception: as in Lambda, the first invocation tries again and carries the error.
    SandboxError is raised where the sandbox itself cannot work. `log` and `telemetry` grow as lines and events come;
    `notices` are one-line remarks for whoever runs it; `api_calls` are the requests of runtime and extensions.
    """

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self._task_root = os.path.abspath(config.task_root)
        self.log: list[LogLine] = []
        self.telemetry: list[dict[str, Any]] = []
        self.notices: list[str] = []
        self.init_durations: list[float] = []
        self._server = ApiServer(config, lambda: self._environment)
        self._environment: ExecutionEnvironment | None = None
        self._placement: Placement | None = None
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_phase = "init"
        self._init_duration: float | None = None

    async def __aenter__(self) -> Self:
        self.config.check()
        try:
            await self._server.start()
            self._placement = await self._place()
            await self._run_init_phase()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def invoke(
        self,
        event: Any = None,
        *,
        trace_id: str | None = None,
        client_context: str | None = None,
        cognito_identity: str | None = None,
        tenant_id: str | None = None,
    ) -> Outcome:
        """Invoke the function and wait until the environment is idle again.

        `event` is bytes, passed on as they are, or an object to be sent as JSON. `trace_id` is the X-Ray header; None
        draws one, "" sends none.
        """
        invocation = self.start_invocation(
            event,
            trace_id=trace_id,
            client_context=client_context,
            cognito_identity=cognito_identity,
            tenant_id=tenant_id,
        )
        return await asyncio.shield(invocation.finished)

    def start_invocation(
        self,
        event: Any = None,
        *,
        trace_id: str | None = None,
        client_context: str | None = None,
        cognito_identity: str | None = None,
        tenant_id: str | None = None,
    ) -> Invocation:
        """Like `invoke`, to be followed by its moments: await `.responded`, then `.finished`."""
        invocation = Invocation(
            event=bytes(event) if isinstance(event, bytes | bytearray) else json.dumps(event).encode(),
            trace_id=new_trace_id() if trace_id is None else trace_id,
            client_context=client_context,
            cognito_identity=cognito_identity,
            tenant_id=tenant_id,
        )
        task = asyncio.create_task(self._run(invocation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return invocation

    async def shutdown(self, reason: str = "spindown") -> None:
        """End the environment as Lambda does an idle one. The next invocation is a cold start, with the same /tmp."""
        async with self._lock:
            await self._shut_down(reason)
            self._next_phase = "init"

    async def close(self) -> None:
        """Shut down if nothing is in the way, then leave nothing behind."""
        try:
            interrupted = [task for task in self._tasks if not task.done()]
            for task in interrupted:
                task.cancel()
            await asyncio.gather(*interrupted, return_exceptions=True)
            if self._placement is not None:
                with contextlib.suppress(asyncio.CancelledError):
                    await self.shutdown()
        finally:
            if self._environment is not None:
                environment, self._environment = self._environment, None
                await environment.discard()
            if self._placement is not None:
                await self._placement.containment.close()
                self._placement = None
            await self._server.close()

    @property
    def function_log(self) -> list[LogLine]:
        return [line for line in self.log if line.source == "function"]

    @property
    def extension_log(self) -> list[LogLine]:
        return [line for line in self.log if line.source == "extension"]

    @property
    def isolation(self) -> str:
        """`namespaces` (mounts and processes), `mounts`, or `paths`."""
        return self._placed.containment.isolation

    @property
    def layout(self) -> Layout:
        """Where /opt, /tmp and the task root are for the environment's own processes."""
        return self._placed.layout

    @property
    def tmp(self) -> str:
        """The environment's /tmp, as this process can open it."""
        return self._placed.containment.path_of(self._placed.layout.tmp)

    @property
    def api_address(self) -> str:
        return self._server.address

    @property
    def api_calls(self) -> list[ApiCall]:
        return self._server.calls

    @property
    def runtime_client(self) -> str | None:
        """The User-Agent of the runtime client, which names its version; None before it asked for an invocation."""
        return None if self._environment is None else self._environment.runtime.client

    def processes(self) -> list[Process]:
        """What runs in the environment, with pids to which this process can send signals."""
        return self._placed.containment.processes()

    @property
    def _placed(self) -> Placement:
        if self._placement is None:
            raise SandboxError("the sandbox is not running: use `async with Sandbox(...)`")
        return self._placement

    async def _place(self) -> Placement:
        """Unpack the layers and make the containment."""
        config = self.config
        task_root = self._task_root
        command = await asyncio.to_thread(runtime_command.resolve_command, config.command, task_root)
        work = tempfile.mkdtemp(prefix="aftercall-sandbox-")
        try:
            opt = await asyncio.to_thread(merge_layers, config.layers, os.path.join(work, "opt"))
            plan = self._plan(work, opt, task_root, runtime_command.kept_folders(command.needed))
            containment = await Containment.start(plan, work=work, allowed=self._allowed_isolations())
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        plain = containment.isolation == "paths"
        layout = plain_layout(opt=opt, tmp=plan.tmp, task_root=task_root) if plain else Layout()
        self._tell_isolation(containment, plan, layout)
        log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[{config.function_version}]{uuid.uuid4().hex}"
        return Placement(
            config=config,
            layout=layout,
            containment=containment,
            variables=ProcessEnvironment(config, layout, self._server.address, log_stream, command.folder),
            extension_names=extension_names(opt),
            runtime_argv=self._wrapped(command.argv, layout),
            on_line=self._on_line,
            record_all=self.telemetry,
        )

    def _plan(self, work: str, opt: str, task_root: str, kept: list[str]) -> RootPlan:
        config = self.config
        plan = RootPlan(
            mount_point=os.path.join(work, "root"),
            tmp=os.path.join(work, "tmp"),
            task_root=task_root,
            hosts=os.path.join(work, "hosts"),
            opt=opt if os.path.isdir(opt) else None,
            tmp_mb=config.tmp_mb,
            resolv_conf=None if config.resolv_conf is None else os.path.abspath(config.resolv_conf),
            kept=kept,
            binds=[(os.path.abspath(bind.source), bind.target, bind.writable) for bind in config.binds],
        )
        os.mkdir(plan.mount_point)
        os.mkdir(plan.tmp)
        os.chmod(plan.tmp, 0o1777)  # noqa: S103 - as any /tmp
        names = {"sandbox.localdomain": "127.0.0.1", "sandbox": "127.0.0.1", "localhost": "127.0.0.1", **config.hosts}
        with open(plan.hosts, "w", encoding="utf-8") as file:
            file.writelines(f"{address}\t{name}\n" for name, address in names.items())
        return plan

    def _allowed_isolations(self) -> list[str]:
        if self.config.isolation == "paths":
            if self.config.needs_namespaces:
                raise SandboxError(
                    f"{self.config.needs_namespaces} needs namespaces: leave it out, or isolation at auto"
                )
            return ["paths"]
        strict = self.config.isolation == "namespaces" or self.config.needs_namespaces
        return [isolation for isolation in ISOLATIONS if not (strict and isolation == "paths")]

    def _tell_isolation(self, containment: Containment, plan: RootPlan, layout: Layout) -> None:
        if containment.isolation == "paths":
            why = f" ({containment.refusals[0]})" if containment.refusals else ""
            self.notices.append(f"plain paths{why}: /opt is {layout.opt}, /tmp is {layout.tmp}, by TMPDIR")
            return
        self.notices.append(f"private /opt, /tmp and /var/task ({containment.isolation})")
        self.notices += [
            f"{path} holds what the runtime needs, so it is visible in the environment, read-only" for path in plan.kept
        ]

    def _wrapped(self, argv: tuple[str, ...], layout: Layout) -> tuple[str, ...]:
        """As the managed runtimes' bootstrap does; custom runtimes ignore the variable."""
        wrapper = self.config.wrapper or self.config.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
        if not wrapper or self.config.runtime_name.startswith("provided"):
            return argv
        return (layout.locate(wrapper), *argv)

    async def _run_init_phase(self) -> None:
        """The init phase; when it fails the next invocation starts another generation."""
        environment = self._environment = ExecutionEnvironment(self._placed, "init")
        try:
            async with asyncio.timeout(self.config.init_timeout):
                self._init_duration = await environment.init()
            self.init_durations.append(self._init_duration)
        except TimeoutError:
            environment.fail_init("timeout", "Sandbox.Timedout")
            await self._shut_down("timeout")
        except EnvironmentFault:
            await self._shut_down("failure")
        else:
            await self._go_idle(environment)
        self._next_phase = "invoke"

    async def _run(self, invocation: Invocation) -> None:
        try:
            async with self._lock:
                if self._environment is None and self._next_phase == "init":
                    await self._run_init_phase()
                await self._run_locked(invocation)
        except BaseException as error:
            for future in (invocation.responded, invocation.finished):
                if not future.done():
                    future.set_exception(SandboxError(f"the invocation was given up: {error or type(error).__name__}"))
                    future.exception()  # seen: nobody need await it
            raise

    async def _run_locked(self, invocation: Invocation) -> None:
        invocation.started_at = time.time()
        invocation.deadline = invocation.started_at + self.config.timeout
        is_new = self._environment is None
        environment = self._environment = self._environment or ExecutionEnvironment(self._placed, "invoke")
        fault: EnvironmentFault | None = None
        try:
            async with asyncio.timeout(self.config.timeout):
                if not is_new:
                    await self._wake(environment)
                environment.stream.emit("platform.start", platform_records.start(self.config, invocation))
                if is_new:
                    await environment.init()
                await environment.invoke(invocation)
        except TimeoutError:
            if environment.in_init:
                environment.fail_init("timeout", "Sandbox.Timedout")
            message = f"Task timed out after {self.config.timeout:.2f} seconds"
            fault = EnvironmentFault("Sandbox.Timedout", message, status="timeout")
        except EnvironmentFault as error:
            fault = error
        await self._finish(environment, invocation, fault)

    async def _finish(
        self, environment: ExecutionEnvironment, invocation: Invocation, fault: EnvironmentFault | None
    ) -> None:
        finished_at = time.time()
        environment.drain_logs()
        if fault is not None:
            status = platform_records.telemetry_status(fault.status)
            payload = fault.payload or error_payload(invocation.request_id, fault.error_type, str(fault))
            invocation.answer_error(payload, fault.error_type)
            environment.runtime_done(invocation, status, fault.error_type)
        if fault is None:
            await self._go_idle(environment)
        outcome = self._outcome(invocation, fault, finished_at)
        environment.stream.emit("platform.report", platform_records.report(self.config, invocation, outcome))
        if fault is not None:
            await self._shut_down("timeout" if fault.status == "timeout" else "failure")
        outcome.telemetry.extend(self._telemetry_of(invocation.request_id))
        invocation.finished.set_result(outcome)

    def _outcome(self, invocation: Invocation, fault: EnvironmentFault | None, finished_at: float) -> Outcome:
        init_duration, self._init_duration = self._init_duration, None
        status = fault.status if fault is not None else "success" if invocation.error_type is None else "error"
        return Outcome(
            request_id=invocation.request_id,
            status=status,
            response=invocation.response,
            error=invocation.error,
            error_type=invocation.error_type,
            content_type=invocation.content_type,
            streamed=invocation.streamed,
            started_at=invocation.started_at,
            first_byte_at=invocation.first_byte_at,
            responded_at=invocation.responded_at or finished_at,
            finished_at=finished_at,
            init_duration=init_duration,
            billed_duration=invocation.billed_ms(finished_at, init_duration),
            max_memory_mb=sum(process.max_rss_kb for process in self.processes()) // 1024,
            telemetry=[],
        )

    def _telemetry_of(self, request_id: str) -> list[dict[str, Any]]:
        return [
            event
            for event in self.telemetry
            if isinstance(event["record"], dict) and event["record"].get("requestId") == request_id
        ]

    async def _wake(self, environment: ExecutionEnvironment) -> None:
        if self.config.freeze:
            await self._placed.containment.thaw()
        environment.stream.awake.set()

    async def _go_idle(self, environment: ExecutionEnvironment) -> None:
        """Freeze. Nothing is delivered to the idle environment in either case, as in Lambda."""
        environment.stream.awake.clear()
        if self.config.freeze:
            await self._placed.containment.freeze()

    async def _shut_down(self, reason: str) -> None:
        if self._environment is None:
            return
        await self._wake(self._environment)
        await self._environment.shutdown(reason)
        self._environment = None

    def _on_line(self, line: LogLine) -> None:
        self.log.append(line)
        if self.config.on_log is not None:
            self.config.on_log(line)
