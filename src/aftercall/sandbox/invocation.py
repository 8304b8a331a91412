"""One invocation: what the Runtime API delivers, what came back and when."""

import asyncio
import json
import math
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["success", "error", "timeout", "crash"]
# In platform.* records.
TELEMETRY_STATUS: dict[Status, str] = {"success": "success", "error": "error", "timeout": "timeout", "crash": "failure"}
# Lambda's limit of a response, in bytes ("Response payload size exceeded maximum allowed payload size").
MAX_RESPONSE = 6_291_556


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an invocation ended. Moments are seconds since the epoch, durations milliseconds.

    `status` is that of platform.report. `response` is there as soon as it was posted, so also when the invocation
    timed out or crashed after it; `error` is the error payload that the caller got. The caller had either at
    `responded_at`; the environment was busy, and is billed, until `finished_at`. `init_duration` is None but for the
    first invocation after an init phase.
    """

    request_id: str
    status: Status
    response: bytes | None
    error: bytes | None
    error_type: str | None
    content_type: str | None
    streamed: bool
    started_at: float
    first_byte_at: float | None
    responded_at: float
    finished_at: float
    init_duration: float | None
    billed_duration: int
    max_memory_mb: int
    telemetry: list[dict[str, Any]]

    @property
    def duration(self) -> float:
        return (self.finished_at - self.started_at) * 1000

    @property
    def response_json(self) -> Any:
        """The response, or the error payload, parsed."""
        return json.loads(self.response if self.response is not None else self.error or b"null")


@dataclass
class Invocation:
    """An invocation under way; `trace_id` "" means that the caller sent none.

    Await `responded` for the moment at which the caller has the answer, `finished` for the outcome.
    """

    event: bytes
    trace_id: str
    client_context: str | None = None
    cognito_identity: str | None = None
    tenant_id: str | None = None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    invocation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started_at: float = field(default_factory=time.time)
    deadline: float = 0.0
    response: bytes | None = None
    error: bytes | None = None
    error_type: str | None = None
    content_type: str | None = None
    streamed: bool = False
    first_byte_at: float | None = None
    responded_at: float | None = None
    runtime_done_at: float | None = None
    responded: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    finished: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def answered(self) -> bool:
        return self.responded_at is not None

    def answer_response(self, payload: bytes, content_type: str, *, streamed: bool, first_byte_at: float) -> None:
        self.response = payload
        self.content_type = content_type
        self.streamed = streamed
        self._answer(first_byte_at)

    def answer_error(self, payload: bytes, error_type: str, content_type: str = "application/json") -> None:
        """The first answer is the caller's: a time-out after the response changes nothing for him."""
        self.error_type = error_type
        if not self.answered:
            self.error = payload
            self.content_type = content_type
            self._answer(time.time())

    def _answer(self, first_byte_at: float) -> None:
        self.first_byte_at = first_byte_at
        self.responded_at = time.time()
        self.responded.set_result(None)

    def billed_ms(self, finished_at: float, init_duration: float | None) -> int:
        """Whole milliseconds; since August 2025 the init phase is billed for every function."""
        return math.ceil((finished_at - self.started_at) * 1000 + (init_duration or 0))


def error_payload(request_id: str, error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": f"RequestId: {request_id} Error: {message}"}).encode()


def new_trace_id() -> str:
    """The X-Ray header as Lambda passes it on; not sampled, since nobody collects segments here."""
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"
