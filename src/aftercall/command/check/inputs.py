"""What `aftercall check` reads: texts, spools, secrets. Faults are click.UsageError, status 2."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from aftercall.command.check.recorded import read_recorded
from aftercall.masking.tokens import public_length
from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.model import Call, Init, Invocation
from aftercall.spool.head import MAGIC

if TYPE_CHECKING:
    from aftercall.settings import Settings

PLACES = ("event", "response", "error", "request", "answer", "init-error")
"""`request` and `answer`: the two bodies of a call. `init-error`: why the function did not start."""

PIECE = 8
"""Characters of a secret in a row that count as a leak."""

NO_REQUEST = "00000000-0000-0000-0000-000000000000"
"""The request id of a text, which was in no invocation."""


@dataclass(frozen=True)
class Secret:
    name: str
    """How it was given, never the value."""
    pieces: frozenset[str]


def absolute(path: str) -> str:
    return os.path.abspath(path)


def invocations(name: str, place: str, settings: Settings) -> list[Invocation]:
    """A text becomes one invocation that carries it; a spool has any number."""
    if name != "-" and os.path.isdir(name):
        segments = sorted(entry for entry in os.listdir(name) if entry.endswith(".segment"))
        if not segments:
            raise click.UsageError(f"{name!r} holds no segments: name a spool folder, or a file")
        return _recorded([(entry, _content(os.path.join(name, entry))) for entry in segments])
    content = _content(name)
    if content.startswith(MAGIC):
        return _recorded([(name, content)])
    return [_carrying(content, place, settings)]


def read_secrets(given: tuple[str, ...]) -> list[Secret]:
    return [_secret(number, text) for number, text in enumerate(given, start=1)]


def _secret(number: int, given: str) -> Secret:
    if given.startswith("@"):
        value, name = _content(given[1:]).decode("utf-8", "replace").rstrip("\r\n"), f"the secret in {given[1:]}"
    elif given.startswith("env:"):
        name = f"the secret in the variable {given[4:]}"
        if given[4:] not in os.environ:
            raise click.UsageError(f"--secret {given}: no such variable: export it first")
        value = os.environ[given[4:]]
    else:
        value, name = given, f"secret {number}"
    if len(value) < 4:
        raise click.UsageError(f"{name} is shorter than 4 characters: such a text stands in anything")
    public = public_length(value.encode()) or 0
    hidden = value[public:]
    pieces = {hidden[at : at + PIECE] for at in range(max(1, len(hidden) - PIECE + 1))}
    return Secret(name, frozenset(pieces))


def _content(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise click.UsageError(f"{name!r} cannot be read ({error.strerror}): name a file, a folder, or -") from None


def _carrying(content: bytes, place: str, settings: Settings) -> Invocation:
    """An invocation as if the wrapper had captured the text there, cut where it would have cut."""
    invocation = Invocation(NO_REQUEST)
    invocation.status = "error" if place == "error" else "ok"
    if place in {"request", "answer"}:
        call = invocation.calls["1" * 16] = Call("1" * 16)
        call.method, call.url, call.status = "POST", "https://example.com/", 200
        side = "request" if place == "request" else "response"
        call.parts = {f"{side}_body": content[: settings.capture_bytes]}
        setattr(call, f"{side}_size", len(content))
        return invocation
    if place == "init-error":
        invocation = Invocation("")
        invocation.status = "error"
        invocation.init = Init()
        invocation.init.error = invocation.error = content[: settings.event_bytes]
        return invocation
    setattr(invocation, place, content[: settings.event_bytes])
    if place != "error":
        setattr(invocation, f"{place}_size", len(content))
    return invocation


def _recorded(segments: list[tuple[str, bytes]]) -> list[Invocation]:
    assembler = Assembler()
    for name, content in segments:
        frames, loss = read_recorded(content)
        runtime = None
        for frame in frames:
            if frame.kind == "process":
                runtime = assembler.process(frame.header)
            else:
                assembler.frame(frame, runtime)
        if loss is not None:
            click.echo(f"aftercall check: {name}: {loss.lost_bytes} bytes cannot be read ({loss.phrase})", err=True)
    found = [assembler.take(invocation.request_id) for invocation in list(assembler.open())]
    found.append(assembler.take_init())  # one that failed, or that no invocation followed
    return [invocation for invocation in found if invocation is not None]
