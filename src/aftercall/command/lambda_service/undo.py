"""The undo file: what was there, on disk before anything changes.

A file and not a tag on the function: a tag's value has 256 characters and may be read by everybody who may list tags,
while a stack of layers needs more and a wrapper's path is nobody else's business. Variables that do not change are not
in it.

JSON lines, each written and synced before the request that it is about:

    {"aftercall_undo": 1, "command": "attach", "region": "eu-central-1", "time": "2026-11-21T08:00:00+00:00"}
    {"function": ARN, "name": .., "before": {"layers": [ARN..], "variables": {NAME: VALUE or null}}, "after": {..}}

A function may stand in it more than once (a request that was repeated): the first line counts.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from aftercall.command.lambda_service.plan import Change, Decision, Refusal, Unchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.command.lambda_service.function import Function

_FORMAT = 1
_OPEN, _DONE = ".jsonl", ".undone"
_AS_IT_WAS = "is as it was"


@dataclass(frozen=True)
class Settings:
    layers: tuple[str, ...]
    variables: Mapping[str, str | None]
    """Only those that were changed; None: not there."""


@dataclass(frozen=True)
class Entry:
    arn: str
    name: str
    before: Settings
    after: Settings


def folder() -> str:
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(state, "aftercall")


class UndoFile:
    """Made with the first entry: a run that changes nothing leaves no file."""

    def __init__(self, path: str | None, command: str, region: str) -> None:
        now = datetime.now(UTC)
        # The undoing of an undoing is not what `--undo` alone means the next time.
        kind = "redo" if command == "undo" else "undo"
        self.path = path or os.path.join(folder(), f"{kind}-{now:%Y%m%dT%H%M%S%f}-{region}.jsonl")
        self._head = {
            "aftercall_undo": _FORMAT,
            "command": command,
            "region": region,
            "time": now.isoformat(timespec="seconds"),
        }
        self._file: Any = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Raises click.ClickException where it cannot be written: then nothing must be changed."""
        try:
            if not os.path.isdir(parent := os.path.dirname(self.path) or "."):
                os.makedirs(parent, mode=0o700)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8")
            self._write(self._head)
        except OSError as error:
            why = f"undo file {self.path} cannot be written ({error.strerror}), so nothing changes"
            raise click.ClickException(f"{why}: name another with --undo-file") from None

    def record(self, change: Change) -> None:
        """Raises OSError; the change must not be made then."""
        before = {name: change.function.variables.get(name) for name in change.variables}
        with self._lock:
            self._write(
                {
                    "function": change.function.arn,
                    "name": change.function.name,
                    "before": {"layers": change.function.layers, "variables": before},
                    "after": {"layers": change.layers, "variables": dict(change.variables)},
                }
            )

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, record: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


@dataclass(frozen=True)
class Found:
    """What an undo file says."""

    path: str
    region: str
    entries: tuple[Entry, ...]

    @property
    def done(self) -> bool:
        """Whether all of it was undone before."""
        return self.path.endswith(_DONE)

    @property
    def account(self) -> str:
        """The functions'; empty where the run had not begun with any."""
        return self.entries[0].arn.split(":")[4] if self.entries else ""


def newest(region: str, account: str) -> Found:
    """The last run's in this region and account that is not undone yet; where all are, the last one's."""
    files = [found for ending in (_OPEN, _DONE) for found in _all(ending)]
    here = [found for found in files if (found.region, found.account) == (region, account)]
    if here:
        return here[0]
    others = sorted({f"{found.region} of account {found.account}" for found in files if not found.done})
    there = f" (there are some for {', '.join(others)})" if others else ""
    raise click.UsageError(
        f"no undo file for {region} of account {account} in {folder()}{there}: name one, `--undo FILE`, "
        "or give another --region or --profile"
    )


def _all(ending: str) -> list[Found]:
    """The newest first. What is no undo file, or one of another version, is passed over."""
    found = []
    for path in sorted(glob.glob(os.path.join(glob.escape(folder()), f"undo-*{ending}")), reverse=True):
        with contextlib.suppress(click.UsageError):
            found.append(read(path))
    return found


def check_place(found: Found, region: str, account: str) -> None:
    """Raises click.UsageError where the file is about functions elsewhere, whose names may exist here too."""
    if found.region != region:
        raise click.UsageError(f"{found.path} is about functions in {found.region}: leave --region out")
    if found.account not in {"", account}:
        raise click.UsageError(
            f"{found.path} is about account {found.account}, your credentials are for {account}: "
            "give the --profile of that account"
        )


def read(path: str) -> Found:
    """A line cut short by a crash was written before its request: it is left out."""
    undone = path.removesuffix(_OPEN) + _DONE
    if not os.path.exists(path) and os.path.exists(undone):
        path = undone
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        head = json.loads(lines[0])
        if head["aftercall_undo"] != _FORMAT:
            raise click.UsageError(f"undo file {path!r} is of another version of aftercall: undo it with that one")
        entries: dict[str, Entry] = {}
        for line in filter(None, lines[1:-1]):
            entry = _entry(json.loads(line))
            entries.setdefault(entry.arn, entry)
        return Found(path, str(head["region"]), tuple(entries.values()))
    except OSError as error:
        raise click.UsageError(f"undo file {path!r} cannot be read ({error.strerror}): name another") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise click.UsageError(
            f"{path!r} is not an undo file of `aftercall attach` or `detach`: name another"
        ) from None


def put_aside(path: str) -> None:
    """All of it is undone: the next `--undo` means an earlier one."""
    with contextlib.suppress(OSError):
        os.replace(path, path.removesuffix(_OPEN) + _DONE)


def is_as_it_was(decision: Decision) -> bool:
    return isinstance(decision, Unchanged) and decision.reason == _AS_IT_WAS


def plan(function: Function, entry: Entry) -> Decision:
    """Back to what was there before; what others have changed since stays as they left it."""
    if function.arn != entry.arn:
        return Refusal(
            function, f"is {function.arn}, the undo file is about {entry.arn}: use the profile of that account"
        )
    if function.variables_error and entry.before.variables:
        return Refusal(
            function, f"its variables cannot be read ({function.variables_error}): allow kms:Decrypt on its key"
        )
    layers = _layers_back(function.layers, entry)
    variables = {}
    remarks = []
    for name, before in entry.before.variables.items():
        now = function.variables.get(name)
        if now == entry.after.variables[name] and now != before:
            variables[name] = before
        elif now != before:
            remarks.append(f"{name} was changed since and stays")
    if layers == function.layers and not variables:
        return Unchanged(function, "; ".join(remarks) or _AS_IT_WAS)
    if layers != entry.before.layers:
        remarks.append("other layers were changed since and stay")
    return Change(function, layers, variables, "as it was before", tuple(remarks))


def _entry(line: Mapping[str, Any]) -> Entry:
    before, after = (Settings(tuple(line[at]["layers"]), dict(line[at]["variables"])) for at in ("before", "after"))
    return Entry(line["function"], line["name"], before, after)


def _layers_back(now: tuple[str, ...], entry: Entry) -> tuple[str, ...]:
    before, after = entry.before.layers, entry.after.layers
    if now in {before, after}:
        return before
    added = [arn for arn in after if arn not in before]
    removed = [arn for arn in before if arn not in after]
    back: list[str] = []
    for arn in now:
        if arn not in added:
            back.append(arn)
        elif removed:
            back.append(removed.pop(0))
    return (*back, *(arn for arn in removed if arn not in back))
