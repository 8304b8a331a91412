"""Turns raw invocations into records that may leave the environment. Nothing else makes records.

If masking fails for a value, the value is withheld and counted, and the rest of the record goes on.
Bodies, headers, event and response are looked at only if an exporter shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_fields import fields_of
from aftercall.formats.json_text import dumps
from aftercall.formats.text import BINARY, WITHHELD, is_binary_type, text_of
from aftercall.formats.times import bounded
from aftercall.formats.urls import Url
from aftercall.http1.captured import undo_coding
from aftercall.masking.redact_url import redact_url
from aftercall.masking.rules import Rules
from aftercall.pipeline.facts import copy_facts, set_trace
from aftercall.pipeline.harmless import Harmless
from aftercall.pipeline.messages import messages_of
from aftercall.pipeline.outcome import outcome_of, streamed_of
from aftercall.pipeline.record import (
    Body,
    CallRecord,
    Failure,
    InitRecord,
    InvocationRecord,
    TriggerRecord,
)
from aftercall.pipeline.redact_headers import HeaderRedactor
from aftercall.pipeline.redact_recognised import RecognisedRedactor, span_kind
from aftercall.recognition import flow
from aftercall.recognition.trigger import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aftercall.http1.message import Message
    from aftercall.pipeline.model import Call, Init, Invocation
    from aftercall.pipeline.record import OperationRecord
    from aftercall.recognition.operation import Operation
    from aftercall.recognition.trigger import Trigger

MAX_ERROR_MESSAGE_CHARS = 1_024
"""Wrappers cut a call's `error_message` to this length (SPOOL_FORMAT.md, `call_end`)."""

_GZIP = b"\x1f\x8b\x08"
_TYPE_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789/+.-")


class Redactor:
    """`bodies`: headers, bodies, event and response are wanted; of the last two the first `event_bytes`.

    `withheld` counts the values that could not be masked. Whoever reports it resets it.
    """

    def __init__(self, *, bodies: bool, rules: Rules | None = None, event_bytes: int = 1 << 20) -> None:
        self._bodies = bodies
        self._event_bytes = event_bytes
        self.rules = rules or Rules()
        self._harmless_urls = Harmless()
        self._harmless_names = Harmless()
        self._text_types = Harmless()
        """Values of Content-Type whose bodies may be text."""
        self.withheld = 0
        self._headers = HeaderRedactor(self.rules, guarded=self._guarded, message=self._message)
        self._recognised = RecognisedRedactor(
            self.rules, whole=bodies, guarded=self._guarded, redact_text=self._redact_text, url=self._url
        )

    def record(self, raw: Invocation) -> InvocationRecord:
        record = InvocationRecord(self._guarded(_plain, raw.request_id))
        copy_facts(raw, record)
        set_trace(raw, record)
        record.not_watched = self._message(raw.not_watched[:MAX_ERROR_MESSAGE_CHARS])
        record.error = self._failure(raw)
        record.calls = self._calls(raw.calls, record.start, record.end)
        if raw.init is not None and (raw.init or raw.init.start is not None):
            record.init = self._init(raw.init, record)
        self._add_trigger(raw.trigger, record)
        if raw.response:
            record.outcome = outcome_of(raw.event or b"", raw.response, raw.trigger.source if raw.trigger else "")
        if self._bodies:
            record.event = self._text_body(raw.event, raw.event_size, "event")
            record.response = self._response(raw)
        return record

    # Errors

    def _failure(self, raw: Invocation) -> Failure | None:
        if raw.error is not None:
            return self._reported_failure(raw.error)
        if raw.status in {"timeout", "crash"} or raw.platform.error_type:
            # Without an error type the status says it all.
            return Failure(self._name(raw.platform.error_type), "", "") if raw.platform.error_type else None
        return None

    def _reported_failure(self, posted: bytes) -> Failure:
        """The body of the error post: `{"errorMessage", "errorType", "stackTrace"}`, possibly cut."""
        text = posted.decode("utf-8", "replace")
        document = fields_of(text)
        if not document:
            return Failure("", self._message(text, truncated=True), "")
        stack = document.get("stackTrace") or document.get("stack") or document.get("trace") or ""
        lines = "\n".join(str(line).rstrip("\n") for line in stack) if isinstance(stack, list) else str(stack)
        return Failure(
            self._message(_string(document.get("errorType"))),
            self._message(_string(document.get("errorMessage"))),
            self._message(lines),
            self._details(document),
        )

    def _details(self, report: dict[str, Any]) -> str:
        """What a runtime reports besides, such as the cause or the error's own properties."""
        rest = {name: value for name, value in report.items() if name not in _TOLD and value not in (None, "", [])}
        return self._message(dumps(rest)) if rest else ""

    # Calls

    def _calls(self, calls: dict[str, Call], start: int, end: int) -> list[CallRecord]:
        records = [self._call(call, start, end) for call in calls.values()]
        records.sort(key=lambda call: call.start)
        return records

    def _call(self, raw: Call, start: int, end: int) -> CallRecord:
        call = CallRecord(raw.span_id)
        call.pid, call.library, call.stage, call.status = raw.pid, raw.library, raw.stage, raw.status
        call.open = raw.end is None
        call.start = raw.start if raw.start is not None else raw.end if raw.end is not None else start
        call.start = bounded(call.start)
        call.end = bounded(max(call.start, raw.end if raw.end is not None else end))
        call.method = self._name(raw.method)
        call.url = self._url(raw.url)
        call.proxy = self._url(raw.proxy)
        call.error_type = self._name(raw.error_type)
        call.error_message = self._message(
            raw.error_message, truncated=len(raw.error_message) >= MAX_ERROR_MESSAGE_CHARS
        )
        call.complete, call.excluded = raw.complete, raw.excluded
        call.request_size, call.response_size = raw.request_size, raw.response_size
        call.operation = self._operation(raw.operation)
        if raw.parts and (self._bodies or not raw.method or raw.status is None):
            self._add_messages(raw, call)
        return call

    def _add_messages(self, raw: Call, call: CallRecord) -> None:
        try:
            request, response = messages_of(raw)
        except Exception:
            self.withheld += 1
            return
        call.protocol = response.protocol or request.protocol
        if call.status is None:
            call.status = response.status
        if not call.method and request.start_line:
            call.method = self._name(request.start_line.split(" ")[0])
        if not self._bodies:
            return
        call.request_headers = self._headers.shown(request)
        call.response_headers = self._headers.shown(response)
        call.excluded = raw.excluded or bool(self.rules.excluded_hosts and self.rules.excludes_url(raw.url))
        if not call.excluded:
            call.request_body = self._message_body(request, raw.request_size, "request", decoded=False)
            call.response_body = self._message_body(response, raw.response_size, "response", decoded=raw.decoded)

    def _name(self, text: str) -> str:
        if not text or text in self._harmless_names:
            return text
        shown = self._guarded(self._plain_name, text)
        if shown == text:
            self._harmless_names.note(text, len(text))
        return shown

    def _plain_name(self, text: str) -> str:
        return _plain(self._redact_text(text) if self.rules.may_find(text) else text)

    def _message_body(
        self, message: Message, size: int | None, place: str, *, decoded: bool, key: str = ""
    ) -> Body | None:
        if not message.body:
            return None
        coding = "" if decoded else message.header("content-encoding")
        undone = undo_coding(message.body, coding or ("gzip" if message.body[:3] == _GZIP else ""))
        if undone is None:
            return Body(f"<{self._name(coding)}>", size=size, truncated=True)
        declared = message.header("content-type")
        if declared not in self._text_types:
            media_type = _media_type(declared)
            if media_type and is_binary_type(media_type):
                return Body(f"<binary {self._name(media_type)}>", size=size, truncated=True)
            self._text_types.note(declared, len(declared))
        # The size is that of the coded body. The text is whole if nothing was cut, neither on the wire nor in decoding.
        plain, whole = undone
        cut = size is None or size > len(message.body) or not whole
        body = self._body(plain, size, place, truncated=cut, key=key)
        if body.text == BINARY and (media_type := _media_type(declared)):
            body.text = f"<binary {self._name(media_type)}>"
        return body

    # What recognition found

    def _operation(self, raw: Operation | None) -> OperationRecord | None:
        if raw is None or self.rules.withheld:  # a rule that cannot be read may have been meant for its texts
            return None
        try:
            return self._recognised.operation(raw)
        except Exception:
            self.withheld += 1
            return None

    def _add_trigger(self, raw: Trigger | None, record: InvocationRecord) -> None:
        """The request id is what the caller of a direct invoke was told."""
        record.received = [flow.lambda_(record.request_id)] if record.request_id else []
        if raw is None:
            return
        record.trigger = self._trigger(raw)
        record.received += [key for key in record.trigger.received if key not in record.received]
        known = [*record.links, (record.trace_id, record.parent_id)]
        record.links += [link for link in record.trigger.links if link not in known]

    def _trigger(self, raw: Trigger) -> TriggerRecord:
        if not self.rules.withheld:
            try:
                return self._recognised.trigger(raw)
            except Exception:
                self.withheld += 1
        bare = TriggerRecord("", raw.kind if raw.kind in KINDS else "other")
        bare.span_kind = span_kind(raw.span_kind, "consumer", "server")
        return bare

    # Texts

    def _response(self, raw: Invocation) -> Body | None:
        streamed = streamed_of(raw.response or b"")
        if streamed is None:
            return self._text_body(raw.response, raw.response_size, "response")
        head = self._text_body(streamed.prelude, None, "response")
        if head is None:
            return None
        head.size = raw.response_size
        rest = None if raw.response_size is None else raw.response_size - streamed.before_body
        message = streamed.message
        message.body = message.body[: max(0, self._event_bytes - streamed.before_body)]
        body = self._message_body(message, rest, "response", decoded=False, key="body")
        if body is not None:
            head.text = f"{head.text}\n\n{body.text}"
            head.truncated = head.truncated or body.truncated
        return head

    def _text_body(self, data: bytes | None, size: int | None, place: str) -> Body | None:
        if not data:
            return None
        shown = data[: self._event_bytes]
        truncated = len(shown) < len(data) if size is None else len(shown) < size
        return self._body(shown, size, place, truncated=truncated) if shown else None

    def _body(self, data: bytes, size: int | None, place: str, *, truncated: bool, key: str = "") -> Body:
        """`key`: the key in the answer under which the user's paths find this body."""
        if self.rules.withholds(place):
            self.withheld += 1
            return Body(WITHHELD, size=size, truncated=truncated)
        try:
            text = self._masked_body(data, place, truncated=truncated, key=key)
        except Exception:
            self.withheld += 1
            text = WITHHELD
        return Body(text, size=size, truncated=truncated)

    def _masked_body(self, data: bytes, place: str, *, truncated: bool, key: str) -> str:
        if text_of(data) is None:
            return BINARY
        from aftercall.masking.redact_text import redact_bytes  # noqa: PLC0415 - as in _redact_text

        if self.rules.paths:
            from aftercall.masking.paths import redact_below, redact_paths  # noqa: PLC0415 - few have such rules

            data = redact_paths(data, self.rules.paths, place)
            data = redact_below(data, self.rules.paths, place, key) if key else data
        if _may_hold_coded_body(data):
            from aftercall.pipeline.coded_body import redact_coded_bodies  # noqa: PLC0415 - as in _redact_text

            data = redact_coded_bodies(data, self.rules, place, truncated=truncated)
        masked = text_of(redact_bytes(data, self.rules, truncated=truncated))
        return WITHHELD if masked is None else masked

    def _message(self, text: str, *, truncated: bool = False) -> str:
        """An exception's message, a stack trace, a header's value."""
        if self.rules.withholds("error"):
            self.withheld += 1
            return WITHHELD
        return self._guarded(self._redact_cut_text if truncated else self._redact_text, text)

    def _redact_cut_text(self, text: str) -> str:
        return self._redact_text(text, truncated=True)

    def _redact_text(self, text: str, *, truncated: bool = False) -> str:
        # Imports `re`, which is not needed if nothing failed and no exporter shows bodies.
        from aftercall.masking.redact_text import redact_text  # noqa: PLC0415

        return redact_text(text, self.rules, truncated=truncated)

    def _url(self, url: str) -> str:
        if not url or url in self._harmless_urls:
            return url
        shown = self._shown_url(url)
        if shown == url:
            self._harmless_urls.note(url, len(url))
        return shown

    def _shown_url(self, url: str) -> str:
        """Without bodies only the address is shown, for which redact_url is enough."""
        masked = self._guarded(redact_url, url)
        if self.rules.withholds("url"):  # a rule that cannot be read may have been meant for it
            parts = Url(masked)
            address = f"{parts.scheme}://{parts.authority}/" if parts.scheme else ""
            return address + WITHHELD
        return self._guarded(self._redact_text, masked) if self._bodies or self.rules.may_find(masked) else masked

    def _init(self, raw: Init, record: InvocationRecord) -> InitRecord:
        init = InitRecord()
        times = [call.start for call in raw.calls.values() if call.start is not None]
        ends = [call.end for call in raw.calls.values() if call.end is not None]
        init.start = min([raw.start] if raw.start else times, default=record.start)
        init.end = max([raw.end] if raw.end else [*ends, *times, record.start], default=record.start)
        init.start = bounded(min(init.start, init.end))
        init.end = bounded(init.end)
        init.calls = self._calls(raw.calls, init.start, init.end)
        init.restored = raw.restored
        if raw.error is not None:
            init.error = self._reported_failure(raw.error)
        elif raw.error_type:
            init.error = Failure(self._name(raw.error_type), "", "")
        return init

    def _guarded(self, mask: Callable[[str], str], value: str) -> str:
        if not value:
            return ""
        try:
            return mask(value)
        except Exception:  # whatever went wrong, the value may hold a secret
            self.withheld += 1
            return WITHHELD


_TOLD = frozenset(("errorType", "errorMessage", "stackTrace", "stack", "trace"))


def _may_hold_coded_body(data: bytes) -> bool:
    """Whether it looks like an HTTP event or answer of API Gateway, ALB or a function URL."""
    return data.find(b"body") >= 0 and (data.find(b"isBase64Encoded") >= 0 or data.find(b"headers") >= 0)


def _plain(text: str) -> str:
    """A name. The rest of a longer text is dropped: no name is so long."""
    return text[:256].encode("utf-8", "replace").decode("utf-8")


def _media_type(declared: str) -> str:
    """Empty if there is none, or if it is not one. `declared`: the header's value."""
    media_type = declared.partition(";")[0].strip().lower()
    return media_type if len(media_type) <= 80 and _TYPE_CHARS.issuperset(media_type) else ""


def _string(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
