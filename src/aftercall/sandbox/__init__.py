"""A local execution environment of AWS Lambda, with all three of its APIs, for real runtime clients and layers.

    command = [sys.executable, "-m", "awslambdaric", "app.handler"]
    async with Sandbox(SandboxConfig(command=command, task_root=".")) as sandbox:
        outcome = await sandbox.invoke({"key": "value"})

The names below are loaded when first used: the warden, which starts with every sandbox, lives here and needs none.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aftercall.sandbox.config import Bind, SandboxConfig, SandboxError
    from aftercall.sandbox.invocation import Invocation, Outcome
    from aftercall.sandbox.logs import LogLine
    from aftercall.sandbox.process_tree import Process
    from aftercall.sandbox.sandbox import Sandbox

__all__ = ["Bind", "Invocation", "LogLine", "Outcome", "Process", "Sandbox", "SandboxConfig", "SandboxError"]

_MODULES = {
    "Bind": "config",
    "Invocation": "invocation",
    "LogLine": "logs",
    "Outcome": "invocation",
    "Process": "process_tree",
    "Sandbox": "sandbox",
    "SandboxConfig": "config",
    "SandboxError": "config",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
