"""Node.js and Java for the promise tests: which versions, how a function of each is started, what each can do.

A function is run as side_by_side.py runs Python's: bare and with the layer, at the same paths.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aftercall.sandbox import Bind, SandboxConfig
from build_spec import nodejs
from tests.promises.side_by_side import HERE, WRAPPER, Function
from tests.runtime_wrappers.java import parts as java_parts
from tests.runtime_wrappers.nodejs import parts as node_parts

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Runtime:
    """`language` is `nodejs` or `java`; `version` one that Lambda has, as in its name there."""

    language: str
    version: str

    @property
    def name(self) -> str:
        return f"{self.language}{self.version}"

    @property
    def handler(self) -> str:
        return {"nodejs": "promises.handler", "java": "promises.Promises"}[self.language]

    def command(self) -> list[str]:
        if self.language == "java":
            return java_parts.runtime_command(self.version, self.handler)
        client = node_parts.CLIENTS[0 if int(self.version) < 24 else 1]
        return [node_parts.node(int(self.version)), *client.command(self.handler)]

    def task_root(self) -> Path:
        if self.language == "java":
            return java_parts.compiled((HERE / "functions_java",), "runtime_client")
        return HERE / "functions_node"


def wanted() -> list[Runtime]:
    """The oldest and the newest of each; all of them in `make matrix`."""
    return [
        *(Runtime("nodejs", str(major)) for major in node_parts.majors()),
        *(Runtime("java", version) for version in java_parts.chosen()),
    ]


@dataclass(frozen=True)
class RuntimeFunction(Function):
    """The runtime's own, which is all that `version` tells of Python."""

    handler: str = ""
    runtime: Runtime = field(kw_only=True)

    def config(self, _version: str, layer: Path | None) -> SandboxConfig:
        bare = [] if layer else [Bind(HERE / "bare_wrapper", WRAPPER)]
        # The interpreters and their clients: where the checkout lies in /tmp, the environment's own hides them.
        parts = [Bind(folder, str(folder)) for folder in (nodejs.CACHE, java_parts.CACHE) if folder.is_dir()]
        return SandboxConfig(
            command=self.runtime.command(),
            task_root=self.runtime.task_root(),
            handler=self.runtime.handler,
            layers=[layer] if layer else [],
            wrapper=WRAPPER,
            environment={"AWS_LAMBDA_LOG_STREAM_NAME": "stream", **self.environment},
            runtime_name=f"{self.runtime.name}.x" if self.runtime.language == "nodejs" else self.runtime.name,
            isolation="namespaces",  # functions under test delete and fill /tmp: it must be theirs alone
            binds=[*bare, *parts],
            **{"timeout": 60.0, "init_timeout": 60.0, "memory_mb": 512, **self.settings},
        )
