"""What a sandbox is asked for."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from aftercall.sandbox.logs import LogLine

PathName = str | os.PathLike[str]


class SandboxError(Exception):
    """The sandbox cannot do what it was asked for; one line that names the value and the remedy."""


@dataclass(frozen=True)
class Bind:
    """A file or folder of the machine shown inside the environment; needs namespaces."""

    source: PathName
    target: str
    writable: bool = False


@dataclass(frozen=True, kw_only=True)
class SandboxConfig:
    """`command` is the runtime's argv before the wrapper; a relative `command[0]` with a slash is in the task root.

    Times are in seconds, sizes in MiB. `isolation`: `auto` takes namespaces where the machine permits them, else plain
    paths. `hosts` adds lines to /etc/hosts (name -> address). `tmp_mb` limits /tmp. `binds`, `hosts`, `resolv_conf` and
    `tmp_mb` need namespaces. `on_log` is called with each line as it comes.
    """

    command: Sequence[str]
    task_root: PathName
    handler: str = "app.handler"
    layers: Sequence[PathName] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    wrapper: str | None = None
    timeout: float = 3.0
    init_timeout: float = 10.0
    memory_mb: int = 128
    runtime_name: str = f"python{sys.version_info.major}.{sys.version_info.minor}"
    function_name: str = "function"
    function_version: str = "$LATEST"
    region: str = "us-east-1"
    account_id: str = "123456789012"
    initialization_type: str = "on-demand"
    log_format: Literal["Text", "JSON"] = "Text"
    freeze: bool = True
    isolation: Literal["auto", "namespaces", "paths"] = "auto"
    hosts: Mapping[str, str] = field(default_factory=dict)
    resolv_conf: PathName | None = None
    binds: Sequence[Bind] = ()
    tmp_mb: int | None = None
    api_port: int = 0
    on_log: "Callable[[LogLine], None] | None" = None

    @property
    def function_arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account_id}:function:{self.function_name}"

    @property
    def needs_namespaces(self) -> str | None:
        """The first setting that plain paths cannot give, by name."""
        for name in ("binds", "hosts", "resolv_conf", "tmp_mb"):
            if getattr(self, name):
                return name
        return None

    def check(self) -> None:
        """Raise SandboxError for what cannot work on any machine."""
        if sys.platform != "linux":
            raise SandboxError(
                f"the sandbox needs Linux, this is {sys.platform}: run it in a container or a virtual machine"
            )
        if not self.command:
            raise SandboxError(
                "command is empty: give the runtime's argv, such as [python, '-m', 'awslambdaric', handler]"
            )
        if not os.path.isdir(self.task_root):
            raise SandboxError(
                f"task root {os.fspath(self.task_root)!r} is not a folder: name the one with the function's code"
            )
        if self.timeout <= 0:
            raise SandboxError(f"timeout {self.timeout:g} is not positive: give seconds, as in the function's settings")
        for name in self.environment:
            if not name or "=" in name or "\0" in name:
                raise SandboxError(f"environment variable name {name!r} cannot be set: leave out '=' and empty names")
