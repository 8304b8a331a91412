"""What the runtime has asked and answered: the Runtime API's rules, without HTTP.

The runtime waits for an invocation, answers it with a response or an error, and waits again; anything else is refused.
"""

import asyncio
from collections.abc import Callable

from aftercall.sandbox.extensions import Refusal
from aftercall.sandbox.invocation import MAX_RESPONSE, Invocation


class RuntimeState:
    """`on_change` as in ExtensionRegistry; `on_next` is called at each request for an invocation, also the first."""

    def __init__(self, on_change: Callable[[], None], on_next: Callable[[], None]) -> None:
        self._on_change = on_change
        self._on_next = on_next
        self._waiting: asyncio.Future[Invocation] | None = None
        self.current: Invocation | None = None
        self.client: str | None = None  # the User-Agent of the runtime client
        self.init_error: tuple[bytes, str] | None = None

    @property
    def waiting(self) -> bool:
        return self._waiting is not None

    def ask_next(self, client: str | None) -> asyncio.Future[Invocation]:
        if self.waiting or (self.current is not None and not self.current.answered):
            raise Refusal("InvalidStateTransition", "State transition from Running to Ready failed for runtime. "
                          "Error: the invocation has not been answered")  # fmt: skip
        self.client = client or self.client
        self._waiting = asyncio.get_running_loop().create_future()
        self.current = None
        self._on_next()
        self._on_change()
        return self._waiting

    def deliver(self, invocation: Invocation) -> None:
        if self._waiting is None:
            raise RuntimeError("the runtime has not asked for an invocation")
        self.current = invocation
        if not self._waiting.done():
            self._waiting.set_result(invocation)
        self._waiting = None

    def answer_response(
        self, request_id: str, payload: bytes, content_type: str, *, streamed: bool, first_byte_at: float
    ) -> None:
        """Raise ValueError for an unknown request id, OverflowError for a response that is too large."""
        invocation = self._expect(request_id)
        if len(payload) > MAX_RESPONSE and not streamed:
            message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."
            invocation.answer_error(
                b'{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"%s"}' % message.encode(),
                "Function.ResponseSizeTooLarge",
            )
            raise OverflowError(message)
        invocation.answer_response(payload, content_type, streamed=streamed, first_byte_at=first_byte_at)
        self._on_change()

    def answer_error(self, request_id: str, payload: bytes, error_type: str, content_type: str) -> None:
        self._expect(request_id).answer_error(payload, error_type, content_type)
        self._on_change()

    def fail_init(self, payload: bytes, error_type: str) -> None:
        if self.waiting or self.current is not None or self.init_error is not None:
            raise Refusal("InvalidStateTransition", "State transition to InitError failed for runtime. "
                          "Error: the init phase is over")  # fmt: skip
        self.init_error = (payload, error_type)
        self._on_change()

    def abandon(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.cancel()
        self._waiting = None

    def _expect(self, request_id: str) -> Invocation:
        if self.current is None or self.current.request_id != request_id:
            raise ValueError("Invalid request ID")
        if self.current.answered:
            raise Refusal("InvalidStateTransition", "State transition from InvocationResponse to InvocationResponse "
                          "failed for runtime. Error: State transition is not allowed")  # fmt: skip
        return self.current
