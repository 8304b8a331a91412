"""The outcome of a post: an answer, or why there was none. Messages hold no secret."""

from __future__ import annotations


class Answer:
    """`retry_after` is the header's value, or empty."""

    __slots__ = ("body", "retry_after", "status")

    def __init__(self, status: int, body: bytes, retry_after: str) -> None:
        self.status = status
        self.body = body
        self.retry_after = retry_after


class ExchangeError(Exception):
    """No answer came. The message is what `words` says about the cause."""


class TransportError(Exception):
    """No answer came. `on_reused_connection`: a kept connection failed, so a new one may work."""

    def __init__(self, reason: str, *, on_reused_connection: bool = False) -> None:
        super().__init__(reason)
        self.on_reused_connection = on_reused_connection


def words(error: BaseException) -> str:
    known = getattr(error, "strerror", None) or getattr(error, "verify_message", None)
    name = type(error).__name__
    return f"{name} ({known})" if known else name


def innermost(error: BaseException) -> BaseException:
    """The cause below urllib3's own errors, whose messages repeat the URL."""
    cause: BaseException = error
    for _ in range(8):
        # urllib3's SSLError and ProtocolError hold the error that they wrap among their arguments.
        wrapped = next((word for word in cause.args if isinstance(word, BaseException)), None)
        inner = getattr(cause, "original_error", None) or getattr(cause, "reason", None) or wrapped or cause.__cause__
        if not isinstance(inner, BaseException) or inner is cause:
            break
        cause = inner
    return cause
