"""Other tracers in the same process: what they wrap stays theirs, and answers stay the user's."""

import urllib.request


def handler(event, context):
    return globals()[event["do"]](event["url"])


def calls(url):
    import requests
    import urllib3

    answers = [requests.get(url, timeout=20).status_code, len(urllib3.PoolManager().request("GET", url).data)]
    with urllib.request.urlopen(url, timeout=20) as answer:
        return [*answers, answer.status]


def xray(url):
    from aws_xray_sdk.core import patch_all, xray_recorder

    xray_recorder.configure(context_missing="IGNORE_ERROR", sampling=False)
    patch_all()
    segment = xray_recorder.begin_segment("function", traceid="1-5bef4de7-ad49b0e87f6ef6c87fc2e700")
    answers = calls(url)
    spans = [[span.name, span.http["response"]["status"]] for span in segment.subsegments]
    xray_recorder.clear_trace_entities()
    return [answers, spans]


def opentelemetry(url):
    import httpx
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.instrumentation.requests import RequestsInstrumentor
    from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    memory = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    instrumentors = (HTTPXClientInstrumentor(), RequestsInstrumentor(), URLLib3Instrumentor())
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)
    with httpx.Client(trust_env=False) as client:
        answers = [*calls(url), client.get(url).status_code]
    for instrumentor in instrumentors:
        instrumentor.uninstrument()
    return [answers, [span.name for span in memory.get_finished_spans()], calls(url)]


def ddtrace(url):
    import os

    os.environ.update(
        DD_TRACE_ENABLED="true", DD_INSTRUMENTATION_TELEMETRY_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false"
    )
    import ddtrace
    from ddtrace import patch

    patch(requests=True, urllib3=True, httplib=True)
    finished = []
    filtering = getattr(ddtrace, "tracer", None) or __import__("ddtrace.trace").trace.tracer
    original = filtering._on_span_finish if hasattr(filtering, "_on_span_finish") else None
    if original is not None:
        filtering._on_span_finish = lambda span: finished.append(span.name)
    return [calls(url), sorted(finished)]
