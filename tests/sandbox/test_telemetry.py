"""The Telemetry API as a subscriber sees it."""

import asyncio
import json

import pytest

from aftercall.sandbox.telemetry import Destination, SubscriptionRequest, TelemetryStream

# Subscribes, keeps every batch in /tmp, and answers as told.
SUBSCRIBER = """
import http.server
open("/tmp/batches", "a").close()
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        batch = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open("/tmp/batches", "a") as file:
            file.write(json.dumps(batch) + chr(10))
        self.send_response(ANSWER)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
ANSWER = 200
server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Receiver)
PORT = server.server_address[1]
threading.Thread(target=server.serve_forever, daemon=True).start()

def linger(kind, count):
    # Stay at SHUTDOWN until that many are here: who exits at once does not hear of the end.
    def on_event(event):
        while event["eventType"] == "SHUTDOWN" and open("/tmp/batches").read().count(f'"{kind}"') < count:
            time.sleep(0.01)
    return on_event
"""
ALL = (
    SUBSCRIBER
    + """
_, identifier, _ = register("INVOKE", "SHUTDOWN")
assert subscribe(identifier, PORT)[0] == 200
loop(identifier, linger("platform.report", REPORTS))
"""
)


def batches(sandbox):
    try:
        with open(f"{sandbox.tmp}/batches") as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        return []


def received(sandbox):
    return [event for batch in batches(sandbox) for event in batch]


def kinds(events):
    return [event["type"] for event in events]


async def test_what_a_subscriber_sees_of_two_invocations(sandboxed, make_layer, until):
    async with sandboxed(layers=[make_layer(one="REPORTS = 2\n" + ALL)], function_name="shop") as sandbox:
        first = await sandbox.invoke({"n": 1}, trace_id="Root=1-2-3")
        second = await sandbox.invoke({"n": 2})
        await sandbox.shutdown()
        events = received(sandbox)
    assert kinds(events) == [
        "platform.initStart",
        "platform.telemetrySubscription",
        "platform.initRuntimeDone",
        "platform.extension",
        "platform.initReport",
        "platform.start",
        "function",
        "platform.runtimeDone",
        "platform.report",
        "platform.start",
        "function",
        "platform.runtimeDone",
        "platform.report",
    ]
    records = [event["record"] for event in events]
    assert records[0]["functionName"] == "shop"
    assert records[1] == {"name": "one", "state": "Subscribed", "types": ["platform", "function", "extension"]}
    assert records[3] == {"name": "one", "state": "Ready", "events": ["INVOKE", "SHUTDOWN"]}
    assert records[4]["metrics"]["durationMs"] == pytest.approx(sandbox.init_durations[0], abs=0.01)
    tracing = {"type": "X-Amzn-Trace-Id", "value": "Root=1-2-3"}
    assert records[5] == {"requestId": first.request_id, "version": "$LATEST", "tracing": tracing}
    assert records[6] == "handling {'n': 1}"
    assert (records[7]["status"], records[7]["metrics"]["producedBytes"]) == ("success", len(first.response))
    spans = ["responseLatency", "responseDuration", "runtimeOverhead"]
    assert [span["name"] for span in records[7]["spans"]] == spans
    metrics = records[8]["metrics"]
    assert metrics["billedDurationMs"] == first.billed_duration
    assert (metrics["memorySizeMB"], metrics["initDurationMs"] > 0) == (128, True)
    assert "initDurationMs" not in records[12]["metrics"]
    assert records[12]["requestId"] == second.request_id
    assert all(event["time"].endswith("Z") and len(event["time"]) == 24 for event in events)


async def test_the_report_comes_with_the_next_invocation(sandboxed, make_layer, until):
    function = "import time\ndef handler(event, context):\n    time.sleep(event)\n"
    # Its next comes after runtimeDone did, so that what is missing then is missing for another reason.
    patient = (
        SUBSCRIBER
        + """
_, identifier, _ = register("INVOKE", "SHUTDOWN")
subscribe(identifier, PORT)
def wait(event):
    while event["eventType"] == "INVOKE" and event["requestId"] + "\\", \\"status" not in open("/tmp/batches").read():
        time.sleep(0.01)
loop(identifier, wait)
"""
    )
    async with sandboxed(function, layers=[make_layer(one=patient)], freeze=False) as sandbox:
        first = await sandbox.invoke(0)
        assert "platform.runtimeDone" in kinds(received(sandbox))
        assert "platform.report" not in kinds(received(sandbox))
        invocation = sandbox.start_invocation(1)
        await until(lambda: "platform.report" in kinds(received(sandbox)))
        assert not invocation.finished.done()
        (report,) = (event for event in received(sandbox) if event["type"] == "platform.report")
        assert report["record"]["requestId"] == first.request_id
        await invocation.finished


async def test_only_the_types_that_were_asked_for(sandboxed, make_layer):
    source = (
        SUBSCRIBER
        + """
_, identifier, _ = register("INVOKE", "SHUTDOWN")
subscribe(identifier, PORT, types=["function"])
say("not for me")
loop(identifier, linger("function", 1))
"""
    )
    async with sandboxed(layers=[make_layer(one=source)]) as sandbox:
        await sandbox.invoke({})
        await sandbox.shutdown()
        assert kinds(received(sandbox)) == ["function"]


async def test_extension_lines_are_told_and_json_lines_as_objects(sandboxed, make_layer):
    function = "def handler(event, context):\n    print('{\"level\": \"INFO\"}')\n    print('{no json')\n"
    source = "REPORTS = 1\n" + ALL.replace("loop(", "say('hello from one')\nloop(")
    async with sandboxed(function, layers=[make_layer(one=source)], log_format="JSON") as sandbox:
        await sandbox.invoke({})
        await sandbox.shutdown()
        records = [e["record"] for e in received(sandbox) if e["type"] in ("function", "extension")]
        assert records == ["hello from one", {"level": "INFO"}, "{no json"]


@pytest.mark.parametrize(
    "change",
    [
        '{"schemaVersion": "1999-01-01"}',
        '{"types": []}',
        '{"types": ["other"]}',
        '{"types": "platform"}',
        '{"buffering": {"timeoutMs": 24}}',
        '{"buffering": {"maxItems": 999}}',
        '{"buffering": {"maxBytes": 1048577}}',
        '{"buffering": {"maxBytes": true}}',
        '{"buffering": []}',
        '{"destination": {"protocol": "UDP"}}',
        '{"destination": {"protocol": "TCP", "port": 0}}',
        '{"destination": {"protocol": "HTTP", "URI": "http://127.0.0.1:4243"}}',
        '{"destination": {"protocol": "HTTP", "URI": "http://sandbox.localdomain:none"}}',
        '{"destination": {"protocol": "HTTP"}}',
        '{"destination": null}',
    ],
)
def test_a_subscription_that_is_not_valid(change):
    from aftercall.sandbox.telemetry_subscription import parse_subscription

    good = {
        "schemaVersion": "2025-01-29",
        "types": ["platform"],
        "destination": {"protocol": "HTTP", "URI": "http://sandbox.localdomain:4243/in"},
    }
    accepted = parse_subscription(json.dumps(good).encode())
    assert (accepted.destination.url, accepted.timeout) == ("http://127.0.0.1:4243/in", 1.0)
    with pytest.raises(ValueError, match=next(iter(json.loads(change)))):
        parse_subscription(json.dumps(good | json.loads(change)).encode())


async def test_answers_of_the_subscription_api(sandboxed, make_layer):
    source = """
    _, identifier, _ = register("INVOKE", "SHUTDOWN")
    path = "/2022-07-01/telemetry"
    say(call("PUT", path, {"Lambda-Extension-Identifier": identifier}, {})[0])
    say(call("PUT", path, {}, {})[2]["errorType"])
    def late(event):
        if event["eventType"] == "INVOKE":
            status, _, body = subscribe(identifier, 4243)
            say(status, body["errorType"])
    loop(identifier, late)
    """
    async with sandboxed(layers=[make_layer(one=source)]) as sandbox:
        await sandbox.invoke({})
        said = [line.text for line in sandbox.extension_log]
    assert said == ["400", "Extension.MissingExtensionIdentifier", "403 Telemetry.SubscriptionClosed"]


async def test_a_subscriber_that_refuses_is_tried_again_and_told_what_it_lost(sandboxed, make_layer, until):
    # The first three posts are refused: that is one batch, given up. From then on it takes them.
    source = (
        SUBSCRIBER.replace(
            "self.send_response(ANSWER)",
            "self.send_response(500 if len(open('/tmp/batches').readlines()) < 4 else 200)",
        )
        + """
_, identifier, _ = register("INVOKE", "SHUTDOWN")
subscribe(identifier, PORT)
loop(identifier)
"""
    )
    async with sandboxed(layers=[make_layer(one=source)], freeze=False) as sandbox:
        while "platform.logsDropped" not in kinds(received(sandbox)):
            await sandbox.invoke({})
        first, second, third, *_ = batches(sandbox)
        assert first == second == third
        (lost, *_) = (event["record"] for event in received(sandbox) if event["type"] == "platform.logsDropped")
        assert lost["droppedRecords"] == len(first)
        assert lost["droppedBytes"] == sum(len(json.dumps(event["record"])) for event in first)
        assert "500" in lost["reason"]


async def test_a_subscriber_over_tcp_gets_lines(sandboxed, make_layer, until):
    source = """
    import socket
    listener = socket.create_server(("0.0.0.0", 0))
    def receive():
        connection, _ = listener.accept()
        for line in connection.makefile():
            with open("/tmp/batches", "a") as file:
                file.write(json.dumps([json.loads(line)]) + chr(10))
    threading.Thread(target=receive, daemon=True).start()
    _, identifier, _ = register("INVOKE", "SHUTDOWN")
    say(call("PUT", "/2022-07-01/telemetry", {"Lambda-Extension-Identifier": identifier}, {
        "schemaVersion": "2022-12-13", "types": ["platform"], "buffering": {"timeoutMs": 25},
        "destination": {"protocol": "TCP", "port": listener.getsockname()[1]}})[0])
    loop(identifier)
    """
    async with sandboxed(layers=[make_layer(one=source)], freeze=False) as sandbox:
        while "platform.start" not in kinds(received(sandbox)):
            await sandbox.invoke({})
        assert [line.text for line in sandbox.extension_log] == ["200"]


async def test_what_waits_for_a_slow_subscriber_is_bounded_and_the_loss_is_told(until):
    """Against the stream itself: a subscriber that holds its answer back while 4 MB of lines come."""
    from aiohttp import web

    go_on = asyncio.Event()
    seen: list[dict] = []

    async def receive(request):
        seen.extend(await request.json())
        await go_on.wait()
        return web.Response()

    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    stream = TelemetryStream([])
    destination = Destination(port=port, url=f"http://127.0.0.1:{port}/")
    stream.subscribe(
        "slow", SubscriptionRequest(types=("platform", "function"), destination=destination, timeout=0.025)
    )
    await until(lambda: seen)
    for _ in range(40):
        stream.emit("function", "x" * 100_000)
    go_on.set()
    await until(lambda: "platform.logsDropped" in kinds(seen))
    (lost,) = (event["record"] for event in seen if event["type"] == "platform.logsDropped")
    told = kinds(seen).count("function")
    assert 0 < told * 100_002 <= 4 * 262_144
    assert (lost["droppedRecords"], lost["droppedBytes"]) == (40 - told, (40 - told) * 100_002)
    await stream.close()
    await runner.cleanup()


async def test_nothing_is_delivered_while_the_environment_is_frozen(sandboxed, make_layer):
    async with sandboxed(layers=[make_layer(one="REPORTS = 1\n" + ALL)], freeze=False) as sandbox:
        await sandbox.invoke({})
        await asyncio.sleep(0.2)  # what was under way may still come
        assert sandbox.telemetry[-1]["type"] == "platform.report"
        assert "platform.report" not in kinds(received(sandbox))
