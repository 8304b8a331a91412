"""Runs a function under AWS's runtime client, bare and with the layer, and makes what came out comparable.

Both are started as AWS's own bootstrap does it, by a wrapper script at the same place; the bare one's does nothing but
`exec "$@"`. So even the environment variables must be the same. What is different in any two runs is replaced before
the comparison, and nothing else: request ids, moments, addresses of objects, and the Runtime API's port.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftercall.sandbox import Bind, LogLine, Outcome, Sandbox, SandboxConfig
from tests.log_lines import records_in
from tests.promises.packages import installed
from tests.pythons import find

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

HERE = Path(__file__).parent
FUNCTIONS = HERE / "functions"
WRAPPER = "/opt/aftercall/wrapper"
# Lambda's own runtimes, and a container image with the client from PyPI. `-u` is as good as any option.
LAUNCHES = {"managed": ["/var/runtime/bootstrap.py"], "image": ["-u", "-m", "awslambdaric"]}
TRACE_ID = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"


@dataclass(frozen=True)
class Function:
    """`handler` is a module of functions/ and a name in it; `packages` is a set of packages.py, in /opt/python."""

    handler: str
    packages: str = "clients"
    launch: str = "managed"
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    task_root: Path = FUNCTIONS

    def config(self, version: str, layer: Path | None) -> SandboxConfig:
        python = find(version)
        binds = [
            Bind(installed("runtime", python, version), "/var/runtime"),
            Bind(installed(self.packages, python, version), "/opt/python"),
            *([] if layer else [Bind(HERE / "bare_wrapper", WRAPPER)]),
        ]
        environment = {
            "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONHASHSEED": "0",
        }
        words = list(LAUNCHES[self.launch])
        if self.launch == "image":
            words.append(self.handler)
            environment["PYTHONPATH"] = "/var/runtime:/opt/python"
        settings = {"timeout": 30.0, "init_timeout": 30.0, **self.settings}
        binds += settings.pop("binds", [])
        return SandboxConfig(
            command=[python, *words],
            task_root=self.task_root,
            handler=self.handler,
            layers=[layer] if layer else [],
            wrapper=WRAPPER,
            environment={**environment, **self.environment},
            runtime_name=f"python{version}",
            isolation="namespaces",  # functions under test delete and fill /tmp: it must be theirs alone
            binds=binds,
            **settings,
        )


@dataclass(frozen=True)
class Ran:
    """What came of one function: an outcome for each event, and the log lines that each left."""

    outcomes: list[Outcome]
    lines: list[list[str]]
    extension_lines: list[str]
    telemetry: list[dict[str, Any]]
    api_address: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The log exporter's lines, parsed."""
        return records_in(self.extension_lines)

    @property
    def notices(self) -> list[str]:
        return [line for line in self.extension_lines if not line.startswith("{")]

    def record(self, number: int) -> dict[str, Any]:
        """The one record of that invocation; where no process was there for it, that of its suppressed init."""
        outcome = self.outcomes[number]
        timely = [record for record in self.records if not record.get("late")]
        found = [record for record in timely if record["request_id"] == outcome.request_id]
        if not found:
            found = [record for record in self.records if record.get("init_error") == outcome.error_type][-1:]
        assert len(found) == 1, self.extension_lines
        return found[0]

    def seen(self, number: int) -> dict[str, Any]:
        """What the function's caller and its log saw of that invocation, comparable."""
        outcome = self.outcomes[number]

        def plain(value: bytes | str | None) -> str | None:
            text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
            return None if text is None else comparable(text, outcome.request_id, self.api_address)

        return {
            "status": outcome.status,
            "response": plain(outcome.response),
            "error": plain(outcome.error),
            "error_type": outcome.error_type,
            "content_type": outcome.content_type,
            "log": [plain(line) for line in self.lines[number]],
        }


VARYING = (
    (re.compile(r"0x[0-9a-f]{6,16}\b"), "<address>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "<time>"),
)


def comparable(text: str, request_id: str, api_address: str) -> str:
    text = text.replace(request_id, "<request id>").replace(api_address, "<runtime api>")
    text = text.replace(api_address.rpartition(":")[2], "<runtime api's port>")
    for pattern, name in VARYING:
        text = pattern.sub(name, text)
    return text


def run(
    function: Function,
    events: Sequence[Any],
    version: str,
    layer: Path | None,
    between: Callable[[Sandbox, int], Awaitable[None]] | None = None,
) -> Ran:
    """Invoke the function once for each event; `between` is called after each."""

    async def play() -> Ran:
        outcomes: list[Outcome] = []
        lines: list[list[str]] = []
        async with Sandbox(function.config(version, layer)) as sandbox:
            taken = 0
            for number, event in enumerate(events):
                outcomes.append(await sandbox.invoke(event, trace_id=TRACE_ID))
                log: list[LogLine] = sandbox.function_log
                lines.append([line.text for line in log[taken:]])
                taken = len(log)
                if between:
                    await between(sandbox, number)
        extension_lines = [line.text for line in sandbox.extension_log]
        return Ran(outcomes, lines, extension_lines, list(sandbox.telemetry), sandbox.api_address)

    return asyncio.run(play())
