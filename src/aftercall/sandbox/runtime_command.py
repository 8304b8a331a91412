"""The runtime's argv: is its program there, can a Python one import its client, which folders does it need."""

import functools
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftercall.sandbox.config import SandboxError

# What the environment has of its own; what the runtime needs below these must be kept visible.
_REPLACED = ("/tmp", "/opt")  # noqa: S108 - names, not files of ours
_PROBE_SECONDS = 20.0
_PROBE = """
import importlib.util, json, sys
name = sys.argv[1]
print(json.dumps({
    "found": importlib.util.find_spec(name) is not None,
    "paths": [sys.executable, sys.prefix, sys.base_prefix, *sys.path[1:]],
}))
"""


@dataclass(frozen=True)
class RuntimeCommand:
    """`folder` is where the program lies, None for one in the task root; `needed` are absolute paths."""

    argv: tuple[str, ...]
    folder: str | None
    needed: tuple[str, ...]


def resolve_command(command: Sequence[str], task_root: str) -> RuntimeCommand:
    """Raise SandboxError when the program is missing, or is a Python that cannot import the module it shall run.

    Starts that Python to ask it, so call it in a thread.
    """
    program = command[0]
    if "/" in program and not os.path.isabs(program):
        if not os.path.isfile(os.path.join(task_root, program)):
            raise SandboxError(f"runtime {program!r} is not in the task root {task_root!r}: correct the command")
        return RuntimeCommand(tuple(command), None, ())
    found = shutil.which(program)
    if found is None:
        raise SandboxError(f"runtime {program!r} is not an executable on PATH: install it or name its full path")
    found = os.path.abspath(found)
    needed = [found, os.path.realpath(found), *_existing_paths(command[1:])]
    if len(command) > 2 and command[1] == "-m" and "python" in os.path.basename(os.path.realpath(found)):
        needed += _probe_python(found, command[2])
    return RuntimeCommand((found, *command[1:]), os.path.dirname(found), tuple(needed))


def kept_folders(needed: Iterable[str]) -> list[str]:
    """The topmost entries below /tmp and /opt that hold what is needed."""
    kept = set()
    for path in needed:
        for replaced in _REPLACED:
            if path.startswith(f"{replaced}/"):
                kept.add(os.path.join(replaced, path.split("/")[2]))
    return sorted(path for path in kept if os.path.exists(path))


def _existing_paths(arguments: Sequence[str]) -> list[str]:
    return [argument for argument in arguments if os.path.isabs(argument) and os.path.exists(argument)]


@functools.lru_cache
def _probe_python(interpreter: str, module: str) -> tuple[str, ...]:
    """The folders of that Python. The module must be importable without the function's own folder."""
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        result = subprocess.run(
            [interpreter, "-c", _PROBE, module],
            capture_output=True,
            check=True,
            timeout=_PROBE_SECONDS,
            env=environment,
            cwd="/",
        )
        answer = json.loads(result.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SandboxError(f"runtime {interpreter!r} does not start ({error}): name a working Python") from None
    if not answer["found"]:
        raise SandboxError(
            f"{interpreter} cannot import {module!r}, the runtime client: run `{interpreter} -m pip install {module}`, "
            "or name another interpreter"
        )
    return tuple(os.path.abspath(path) for path in answer["paths"] if path)
