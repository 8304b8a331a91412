"""Operations and triggers without secrets: their texts come from URLs, heads, bodies and events.

A join key is masked part by part, by the rules alone and not by what the exporters show: so the functions on both sides
of a hop give the same string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.masking.plain_name import is_plain_id, is_plain_name
from aftercall.masking.redact_url import redact_url
from aftercall.pipeline.harmless import Harmless
from aftercall.pipeline.limit import MAX_ATTRIBUTES, MAX_LINKS, MAX_NESTED
from aftercall.pipeline.record import OperationRecord, TriggerRecord
from aftercall.recognition.digest import digest_of
from aftercall.recognition.flow import MAX_KEYS, parts_of
from aftercall.recognition.trigger import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.masking.rules import Rules
    from aftercall.recognition.operation import Operation, Value
    from aftercall.recognition.trigger import Trigger

    Mask = Callable[[str], str]
    RedactText = Callable[..., str]
    """Of a text, and `truncated` by its name."""


MAX_TEXT_CHARS = 2_048
"""An object's key has at most 1,024 bytes, an ARN 2,048 characters."""

_TRIGGER_TEXTS = ("resource", "operation", "tenant")
_TRIGGER_NUMBERS = ("items", "age_ms", "receive_count")
_ID_MARKS = ("@", "/key:", "/item:", "shardId-")
_HEX = "0123456789abcdef"


class RecognisedRedactor:
    """`guarded`, `redact_text` and `url` mask as they do for the rest of a record.

    `whole`: an exporter shows more of a call or an event than the log does.
    """

    def __init__(
        self, rules: Rules, *, whole: bool, guarded: Callable[[Mask, str], str], redact_text: RedactText, url: Mask
    ) -> None:
        self._rules = rules
        self._whole = whole
        self._guarded = guarded
        self._redact_text = redact_text
        self._url = url
        self._harmless = Harmless()

    def operation(self, raw: Operation) -> OperationRecord:
        told = self._told
        record = OperationRecord(told(raw.api))
        record.service, record.name, record.resource = told(raw.service), told(raw.name), told(raw.resource)
        record.region, record.error_code = told(raw.region), told(raw.error_code)
        record.throttled, record.attempt = raw.throttled, raw.attempt
        record.items, record.failed_items = raw.items, raw.failed_items
        record.kind = span_kind(raw.kind, "producer", "client")
        # Only told apart, never shown: of masked ids all would be the same.
        record.invocation_id = digest_of([raw.invocation_id.encode("utf-8", "replace")]) if raw.invocation_id else ""
        record.url_template = self._url(raw.url_template)
        record.sent = self._keys(raw.sent)
        if self._whole:
            record.request_id = self._ids(raw.request_id)
            record.extended_request_id = self._ids(raw.extended_request_id)
        self._add_common(raw, record)
        return record

    def trigger(self, raw: Trigger, depth: int = MAX_NESTED) -> TriggerRecord:
        record = TriggerRecord(self._told(raw.source), raw.kind if raw.kind in KINDS else "other")
        for name in _TRIGGER_NUMBERS:
            setattr(record, name, getattr(raw, name))
        for name in _TRIGGER_TEXTS:
            setattr(record, name, self._told(getattr(raw, name)))
        record.span_kind = span_kind(raw.span_kind, "consumer", "server")
        if depth:
            record.nested = [self.trigger(inner, depth - 1) for inner in raw.nested[:MAX_NESTED]]
        self._add_common(raw, record)
        return record

    def _add_common(self, raw: Operation | Trigger, record: OperationRecord | TriggerRecord) -> None:
        record.received = self._keys(raw.received)
        record.links = _links(raw.links)
        if self._whole:
            record.span_name = self._told(raw.span_name)
            attributes = list(raw.attributes.items())[:MAX_ATTRIBUTES]
            record.attributes = {name: self._attribute(name, value) for name, value in attributes}
            pointers = [pointer for pointer in raw.pointers[:MAX_LINKS] if _is_hex(pointer[1], 32)]
            record.pointers = [(self._told(kind), digest) for kind, digest in pointers]

    # Texts

    def _keys(self, keys: list[str]) -> list[str]:
        """In their order, each once."""
        if not keys:
            return []
        return list(dict.fromkeys(filter(None, map(self._key, keys[:MAX_KEYS]))))

    def _key(self, key: str) -> str:
        """Empty if what tells it from others was masked: what is left would join with all of them."""
        service, name, ids = parts_of(key)
        shown_name, shown_ids = self._told(name), self._ids(ids)
        if shown_ids != ids or (not ids and shown_name != name):
            return ""
        return self._told(service[:-1]) + service[-1:] + shown_name + shown_ids

    def _ids(self, ids: str) -> str:
        if not ids:
            return ""
        plain = ids
        for mark in _ID_MARKS:
            plain = plain.replace(mark, "")
        # Ids have no names, and all look as if drawn at random.
        if all(map(is_plain_id, plain.split(":"))) and not self._rules.finds_value(ids):
            return ids[:MAX_TEXT_CHARS]
        return self._told(ids)

    def _attribute(self, name: str, value: Value) -> Value:
        """A query is told from a path by its question mark alone, which the attribute does not have."""
        if name == semconv.URL_QUERY and isinstance(value, str):
            return self._told(f"?{value}").removeprefix("?")
        return self._value(value)

    def _value(self, value: Value) -> Value:
        if isinstance(value, str):
            return self._told(value)
        return [self._told(item) for item in value[:MAX_KEYS]] if isinstance(value, list) else value

    def _told(self, text: str) -> str:
        if text in self._harmless:
            return text
        shown = self._guarded(self._plain_told, text)
        if shown == text:
            self._harmless.note(text, len(text))
        return shown

    def _plain_told(self, text: str) -> str:
        cut = len(text) > MAX_TEXT_CHARS
        masked = redact_url(text[:MAX_TEXT_CHARS])
        if is_plain_name(masked) and not cut and not self._rules.may_find(masked):
            return masked
        return self._redact_text(masked, truncated=cut)


def span_kind(kind: str, special: str, plain: str) -> str:
    return special if kind == special else plain


def _links(links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if not links:
        return []
    found = [link for link in links[:MAX_LINKS] if _is_hex(link[0], 32) and _is_hex(link[1], 16)]
    return list(dict.fromkeys(found))


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and not text.strip(_HEX)
