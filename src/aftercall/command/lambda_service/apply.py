"""Carries changes out: several functions at once, each with its undo entry first and its revision checked.

One function's failure is its own; what would fail everywhere (no credentials any more) ends the run, and so does
Ctrl-C: what has begun is finished, the rest is left alone and counted.
"""

from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aftercall.command.lambda_service import function as functions
from aftercall.command.lambda_service.access import CONNECTIONS, AwsError, code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aftercall.command.lambda_service.function import Function
    from aftercall.command.lambda_service.plan import Change
    from aftercall.command.lambda_service.undo import UndoFile

_POLL_SECONDS = 1.0
_TRIES = 5
"""Against others who change the function between our look and our request."""
_CHANGED_MEANWHILE = {"PreconditionFailedException", "ResourceConflictException"}


@dataclass(frozen=True)
class Outcome:
    change: Change
    status: Literal["done", "failed", "left"]
    message: str = ""
    """Of what failed: one line with its remedy."""


class _FailedError(Exception):
    """Of one function; its text is the line to show."""


class _StoppedError(Exception):
    """The run was stopped while this function was waited for, before its change."""


class Run:
    def __init__(self, client: Any, undo: UndoFile, *, wait: float) -> None:
        """`wait` seconds is how long a function may be busy with an update, before and after ours."""
        self._client = client
        self._undo = undo
        self._wait = wait
        self._stop = threading.Event()

    def stop(self) -> None:
        """Begin with no other function."""
        self._stop.set()

    def outcomes(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """One for each change, as they come; the caller may call `stop` at any time."""
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            running: list[Future[Outcome]] = [pool.submit(self._one, change) for change in changes]
            for future in as_completed(running):
                yield future.result()

    def _one(self, change: Change) -> Outcome:
        if self._stop.is_set():
            return Outcome(change, "left")
        try:
            self._apply(change)
        except _StoppedError:
            return Outcome(change, "left")
        except AwsError as error:
            if error.ends_all:
                self.stop()
            return Outcome(change, "failed", error.format_message())
        except _FailedError as error:
            return Outcome(change, "failed", str(error))
        except OSError as error:
            self.stop()
            return Outcome(
                change, "failed", f"undo file {self._undo.path} cannot be written ({error.strerror}): make room"
            )
        return Outcome(change, "done")

    def _apply(self, change: Change) -> None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

        name = change.function.name
        for tries in range(1, _TRIES + 1):
            now = self._when_idle(name, lambda function: _fits(change, function))
            if tries == 1:
                self._undo.record(change)
            try:
                answer = self._client.update_function_configuration(**_request(change, now))
            except (BotoCoreError, ClientError) as error:
                if code_of(error) in _CHANGED_MEANWHILE and tries < _TRIES:
                    continue
                raise AwsError(error, name) from None
            if functions.Function.of(answer).busy:
                with contextlib.suppress(_StoppedError):
                    self._when_idle(name)
            return

    def _when_idle(self, name: str, check: Callable[[Function], None] | None = None) -> Function:
        """The function, as soon as it takes changes; `check` raises for one that is not worth waiting for."""
        deadline = time.monotonic() + self._wait
        while True:
            now = functions.read(self._client, name)
            if check is not None:
                check(now)
            if now.update == "Failed" or now.state == "Failed":
                raise _FailedError(f"its last update failed ({now.trouble or 'no reason given'}): mend that first")
            if not now.busy:
                return now
            if time.monotonic() > deadline:
                raise _FailedError(
                    f"is still being updated after {self._wait:.0f} s: run the command again later, or with more --wait"
                )
            if self._stop.wait(_POLL_SECONDS):
                raise _StoppedError


def _fits(change: Change, now: Function) -> None:
    # What is as planned already is our own request, whose answer was lost.
    if not now.same_settings(change.function) and not _has(change, now):
        raise _FailedError(
            "was changed by somebody else since the plan was made, so it was left alone: run the command again"
        )


def _has(change: Change, now: Function) -> bool:
    return now.layers == change.layers and dict(now.variables) == change.all_variables()


def _request(change: Change, now: Function) -> dict[str, Any]:
    request: dict[str, Any] = {"FunctionName": change.function.name, "Layers": list(change.layers)}
    if change.variables:
        request["Environment"] = {"Variables": change.all_variables()}
    if now.revision:
        request["RevisionId"] = now.revision
    return request
