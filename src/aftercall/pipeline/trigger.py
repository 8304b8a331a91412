"""What kind of source sent an event, if the event says so."""

from __future__ import annotations

# Keys as AWS's pages on events show them. The event is searched, not parsed: it may be cut.
_SEARCHED_BYTES = 65_536
_HTTP = (b'"headers":', b'"multivalueheaders":', b'"http":', b'"rawpath":', b'"connectionid":')
"""Beside `requestContext`: API Gateway's three kinds, function URLs, load balancers with either kind of headers."""

_SOURCES = (
    (b'"eventsource":"aws:sqs"', "pubsub"),
    (b'"eventsource":"aws:sns"', "pubsub"),
    (b'"eventsource":"aws:kinesis"', "pubsub"),
    (b'"eventsource":"aws:kafka"', "pubsub"),
    (b'"eventsource":"selfmanagedkafka"', "pubsub"),
    (b'"eventsource":"aws:mq"', "pubsub"),
    (b'"eventsource":"aws:amq"', "pubsub"),
    (b'"eventsource":"aws:rmq"', "pubsub"),
    (b'"eventsource":"aws:s3"', "datasource"),
    (b'"eventsource":"aws:dynamodb"', "datasource"),
    (b'"eventsource":"aws:docdb"', "datasource"),
    (b'"detail-type":"scheduledevent"', "timer"),
)
_BEFORE_THE_DATA = (
    (b'{"records":[{"messageid":"', b'"receipthandle":"', "pubsub"),  # SQS: `eventSource` stands behind the body
    (b'{"records":[{"kinesis":{', b'"sequencenumber":"', "pubsub"),  # Kinesis: behind the data
)
"""How the event begins, and a key before its data: the name of the source stands behind the data, and may be cut."""


def trigger_of(event: bytes) -> str:
    """OpenTelemetry's `faas.trigger`: `http`, `pubsub`, `datasource`, `timer`; empty if the event does not say."""
    squeezed = event[:_SEARCHED_BYTES].lower().translate(None, b" \t\r\n")
    if b'"requestcontext":{' in squeezed and any(key in squeezed for key in _HTTP):
        return "http"
    for begin, key, trigger in _BEFORE_THE_DATA:
        if squeezed.startswith(begin) and key in squeezed:
            return trigger
    return next((trigger for key, trigger in _SOURCES if key in squeezed), "")
