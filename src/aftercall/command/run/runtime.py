"""Which runtime client `aftercall run` starts, by the file that the handler stands in: Node.js's, Java's, Python's."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator

import click

from aftercall.command.run import inputs, java_client

_NODE_SECONDS = 20.0
_NODE_ENDINGS = (".js", ".mjs", ".cjs")
_CLIENT = os.path.join("node_modules", "aws-lambda-ric")


def runtime_of(handler: str, task_root: str, python: str, node: str) -> tuple[list[str], str]:
    """(command line, Lambda's name of the runtime). Raises click.UsageError where the runtime or its client is missing.

    A handler `folder/app.handler` is Node.js's where the task root has `folder/app.js`, `.mjs` or `.cjs` and no
    `folder/app.py`; `pkg.App` and `pkg.App::method` are Java's where that class is there.
    """
    if java_client.is_java(handler, task_root):
        command = java_client.command(handler, task_root)
        return command, java_client.runtime_name(command[0])
    module = os.path.join(task_root, handler.rpartition(".")[0].replace("\\", "/"))
    is_node = any(os.path.isfile(module + ending) for ending in _NODE_ENDINGS) and not os.path.isfile(f"{module}.py")
    if not is_node:
        return [python, "-m", "awslambdaric", handler], inputs.python_name(python)
    program = shutil.which(node)
    if program is None:
        raise click.UsageError(f"--node {node!r} is not an executable on PATH: install Node.js or name its full path")
    return [program, _client_of(task_root), handler], _node_name(program)


def _client_of(task_root: str) -> str:
    """The file to start; as Node.js itself, in node_modules of the task root or of a folder above it."""
    for folder in _upwards(os.path.abspath(task_root)):
        package = os.path.join(folder, _CLIENT)
        try:
            with open(os.path.join(package, "package.json"), encoding="utf-8") as file:
                programs = json.load(file).get("bin", {})
        except (OSError, ValueError):
            continue
        program = programs if isinstance(programs, str) else programs.get("aws-lambda-ric")
        if program:
            return os.path.realpath(os.path.join(package, program))
    raise click.UsageError(
        f"no aws-lambda-ric in node_modules of {task_root!r} or above: `npm install --no-save aws-lambda-ric@3`, "
        "or give its command line with --runtime-command"
    )


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _node_name(program: str) -> str:
    """`nodejs22.x`, as Lambda names the runtime."""
    try:
        result = subprocess.run(
            [program, "--version"], capture_output=True, check=True, text=True, timeout=_NODE_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise click.UsageError(f"--node {program!r} does not start ({error}): name a Node.js") from None
    return f"nodejs{result.stdout.strip().removeprefix('v').partition('.')[0]}.x"
