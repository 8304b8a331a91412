"""Telemetry events: made, kept, and delivered to those who subscribed (Telemetry API, schema 2025-01-29).

Buffering, the subscriber's answer, what is dropped and its wording are as in rapid's telemetry/internal package.
"""

import asyncio
import base64
import contextlib
import hashlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp

# Three tries, then the batch is dropped; a subscriber that never answers is given up after the time-out.
_TRIES = 3
_PAUSE_SECONDS = 0.1
_POST_SECONDS = 2.0
# How much may wait for a subscriber that is slower than the logs, in batches.
_BATCHES_KEPT = 4


def timestamp(moment: float) -> str:
    """`2022-10-12T00:00:15.064Z`, from seconds since the epoch."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Destination:
    """`url` is None for TCP: then each event is a line on one connection."""

    port: int
    url: str | None


@dataclass(frozen=True)
class SubscriptionRequest:
    """What the API accepted; `timeout` in seconds."""

    types: tuple[str, ...]
    destination: Destination
    max_items: int = 10_000
    max_bytes: int = 262_144
    timeout: float = 1.0


class TelemetryStream:
    """All events of one generation of the environment, and its subscribers.

    `awake` is set while the environment runs: nothing is delivered to processes that are frozen.
    """

    def __init__(self, record_all: list[dict[str, Any]]) -> None:
        self._record_all = record_all
        self._events: list[dict[str, Any]] = []
        self._subscriptions: dict[str, _Subscription] = {}
        self.awake = asyncio.Event()
        self.awake.set()

    def emit(self, kind: str, record: Any, moment: float | None = None) -> None:
        event = {"time": timestamp(time.time() if moment is None else moment), "type": kind, "record": record}
        self._record_all.append(event)
        self._events.append(event)
        for subscription in self._subscriptions.values():
            subscription.offer(event)

    def subscribe(self, name: str, request: SubscriptionRequest) -> None:
        """A second subscription of the same extension replaces the first. Earlier events are delivered, too."""
        if name in self._subscriptions:
            self._subscriptions[name].cancel()
        subscription = _Subscription(self, request)
        self._subscriptions[name] = subscription
        for event in self._events:
            subscription.offer(event)
        self.emit("platform.telemetrySubscription", {"name": name, "state": "Subscribed", "types": list(request.types)})

    def flush(self) -> None:
        """Deliver what is waiting without waiting for more."""
        for subscription in self._subscriptions.values():
            subscription.flush()

    async def close(self) -> None:
        subscriptions = list(self._subscriptions.values())
        self._subscriptions.clear()
        for subscription in subscriptions:
            await subscription.close()


class _Subscription:
    def __init__(self, stream: TelemetryStream, request: SubscriptionRequest) -> None:
        self._stream = stream
        self._request = request
        self._waiting: list[tuple[dict[str, Any], int]] = []
        self._waiting_bytes = 0
        self._first_at = 0.0
        self._lost = _Lost()
        self._arrived = asyncio.Event()
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        self._writer: asyncio.StreamWriter | None = None
        self._task = asyncio.create_task(self._deliver())

    def offer(self, event: dict[str, Any]) -> None:
        if event["type"].split(".")[0] not in self._request.types:
            return
        size = len(json.dumps(event["record"]))
        if self._waiting_bytes + size > _BATCHES_KEPT * self._request.max_bytes:
            self._lost.add(
                1,
                size,
                "Some logs were dropped because the downstream consumer is slower than the logs production rate",
            )
            return
        if not self._waiting:
            self._first_at = asyncio.get_running_loop().time()
        self._waiting.append((event, size))
        self._waiting_bytes += size
        self._arrived.set()

    def flush(self) -> None:
        self._first_at = -math.inf
        self._arrived.set()

    def cancel(self) -> None:
        self._task.cancel()

    async def close(self) -> None:
        self.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _deliver(self) -> None:
        try:
            while True:
                await self._until_due()
                await self._stream.awake.wait()
                batch = self._take_batch()
                await self._send(batch)
        finally:
            await self._session.close()
            if self._writer is not None:
                self._writer.close()

    async def _until_due(self) -> None:
        """A batch is due when it is full, or `timeout` after its first event."""
        loop = asyncio.get_running_loop()
        while True:
            self._arrived.clear()
            full = len(self._waiting) >= self._request.max_items or self._waiting_bytes >= self._request.max_bytes
            rest = self._first_at + self._request.timeout - loop.time() if self._waiting else None
            if full or (rest is not None and rest <= 0):
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), rest)

    def _take_batch(self) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        taken = 0
        for event, size in self._waiting[: self._request.max_items]:
            if batch and taken + size > self._request.max_bytes:
                break
            batch.append(event)
            taken += size
        del self._waiting[: len(batch)]
        self._waiting_bytes -= taken
        self._first_at = asyncio.get_running_loop().time()
        return batch

    async def _send(self, batch: list[dict[str, Any]]) -> None:
        reason = ""
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_PAUSE_SECONDS)
                await self._stream.awake.wait()
            try:
                await self._while_awake(self._transmit(batch))
            except (OSError, aiohttp.ClientError, TimeoutError) as error:
                reason = f"could not send events: {error or type(error).__name__}"
                self._writer = None
            else:
                self._report_lost()
                return
        # To tell a subscriber that is gone of what it lost, and then of that telling, would go on for ever.
        told = [event for event in batch if event["type"] != "platform.logsDropped"]
        if told:
            self._lost.add(len(told), sum(len(json.dumps(event["record"])) for event in told), reason)
        self._report_lost()

    def _report_lost(self) -> None:
        if self._lost.records:
            lost, self._lost = self._lost, _Lost()
            record = {"droppedBytes": lost.bytes, "droppedRecords": lost.records, "reason": lost.reason}
            self._stream.emit("platform.logsDropped", record)

    async def _while_awake(self, work: Any) -> None:
        """Run it with a time-out whose clock stands still while the environment is frozen."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=_POST_SECONDS)
                if self._stream.awake.is_set() and not task.done():
                    raise TimeoutError("the subscriber did not answer")
                await self._stream.awake.wait()
            await task
        finally:
            task.cancel()

    async def _transmit(self, batch: list[dict[str, Any]]) -> None:
        destination = self._request.destination
        if destination.url is None:
            await self._write_lines(destination.port, batch)
            return
        body = json.dumps(batch).encode()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"Content-Type": "application/json", "Sequence-Id": digest, "Host": "sandbox.localdomain"}
        async with self._session.post(destination.url, data=body, headers=headers) as answer:
            await answer.read()
            if answer.status >= 400:
                raise aiohttp.ClientError(f"http request failed with status {answer.status}")

    async def _write_lines(self, port: int, batch: Sequence[dict[str, Any]]) -> None:
        if self._writer is None:
            _, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self._writer.writelines(json.dumps(event).encode() + b"\n" for event in batch)
        await self._writer.drain()


@dataclass
class _Lost:
    records: int = 0
    bytes: int = 0
    reason: str = ""

    def add(self, records: int, size: int, reason: str) -> None:
        self.records += records
        self.bytes += size
        self.reason = reason
