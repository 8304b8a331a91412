"""What kind of source sent an event, as far as its own words say it plainly."""

from __future__ import annotations

# Keys as AWS's event pages show them. Searched, not parsed: an event may be cut, and only its first bytes matter.
_SEARCHED_BYTES = 65_536
_SOURCES = (
    (b'"eventsource":"aws:sqs"', "pubsub"),
    (b'"eventsource":"aws:sns"', "pubsub"),
    (b'"eventsource":"aws:kinesis"', "pubsub"),
    (b'"eventsource":"aws:kafka"', "pubsub"),
    (b'"eventsource":"selfmanagedkafka"', "pubsub"),
    (b'"eventsource":"aws:mq"', "pubsub"),
    (b'"eventsource":"aws:s3"', "datasource"),
    (b'"eventsource":"aws:dynamodb"', "datasource"),
    (b'"eventsource":"aws:docdb"', "datasource"),
    (b'"detail-type":"scheduledevent"', "timer"),
)


def trigger_of(event: bytes) -> str:
    """OpenTelemetry's `faas.trigger`: `http`, `pubsub`, `datasource`, `timer`; empty where the event does not say."""
    squeezed = event[:_SEARCHED_BYTES].lower().translate(None, b" \t\r\n")
    if b'"requestcontext":{' in squeezed and (b'"headers":' in squeezed or b'"http":' in squeezed):
        return "http"
    return next((trigger for key, trigger in _SOURCES if key in squeezed), "")
