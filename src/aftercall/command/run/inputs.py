"""What `aftercall run` reads: events, layers, the interpreter. Faults are click.UsageError, status 2."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence

import click

_PYTHON_SECONDS = 20.0
_VERSION_PROGRAM = "import sys; print('python%d.%d' % sys.version_info[:2])"


def read_event(argument: str) -> bytes:
    """The bytes of a file, of standard input (`-`) or of JSON on the command line, checked to be JSON."""
    content, name = _event_content(argument)
    try:
        json.loads(content)
    except ValueError as error:
        raise click.UsageError(f"event {name} is not JSON ({error}): give one JSON document") from None
    return content


def has_entry(layers: Sequence[str], pattern: str) -> bool:
    """Whether a layer holds a file whose path matches."""
    return any(re.fullmatch(pattern, name) for layer in layers for name in _entries(layer))


def python_name(interpreter: str) -> str:
    """`python3.12`, as Lambda names the runtime."""
    if interpreter == sys.executable:
        return f"python{sys.version_info.major}.{sys.version_info.minor}"
    try:
        result = subprocess.run(
            [interpreter, "-c", _VERSION_PROGRAM], capture_output=True, check=True, text=True, timeout=_PYTHON_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise click.UsageError(f"--python {interpreter!r} does not start ({error}): name an interpreter") from None
    return result.stdout.strip()


def _event_content(argument: str) -> tuple[bytes, str]:
    if argument == "-":
        return sys.stdin.buffer.read(), "on standard input"
    if argument.lstrip()[:1] in ("{", "[", '"') and not os.path.exists(argument):
        return argument.encode(), "on the command line"
    try:
        with open(argument, "rb") as file:
            return file.read(), repr(argument)
    except OSError as error:
        raise click.UsageError(
            f"event {argument!r} cannot be read ({error.strerror}): give a file, - for standard input, or JSON"
        ) from None


def _entries(layer: str) -> list[str]:
    if os.path.isdir(layer):
        return [
            os.path.relpath(os.path.join(folder, name), layer) for folder, _, names in os.walk(layer) for name in names
        ]
    try:
        with zipfile.ZipFile(layer) as archive:
            return archive.namelist()
    except FileNotFoundError:
        raise click.UsageError(f"layer {layer!r} does not exist: build it with `make layer`, or correct it") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise click.UsageError(f"layer {layer!r} is not a zip archive or a folder ({error}): correct --layer") from None
