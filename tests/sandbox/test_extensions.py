"""The Extensions API, with small extensions that speak it by hand."""

import json
import os

import pytest


def said(sandbox, name=None):
    return [line.text for line in sandbox.extension_log if name in (None, line.name)]


async def test_the_runtime_starts_only_after_every_extension_has_registered(
    sandboxed, make_layer, plain_extension, isolation
):
    slow = "time.sleep(0.3)\n" + plain_extension
    async with sandboxed(layers=[make_layer(slow=slow, quick=plain_extension)], isolation=isolation) as sandbox:
        assert (await sandbox.invoke({})).status == "success"
        calls = [(call.path.rsplit("/", 1)[1], call.extension) for call in sandbox.api_calls]
        registered = [name for path, name in calls if path == "register"]
        assert sorted(registered) == ["quick", "slow"]
        first_of_runtime = next(i for i, call in enumerate(sandbox.api_calls) if "runtime" in call.path)
        assert first_of_runtime > calls.index(("register", "slow"))


async def test_extensions_start_in_parallel(sandboxed, make_layer):
    # Each waits for the other's mark before it registers: one after the other they would never be ready.
    source = """
    open(f"/tmp/{NAME}", "w").close()
    while not (os.path.exists("/tmp/one") and os.path.exists("/tmp/two")):
        time.sleep(0.01)
    _, identifier, _ = register("INVOKE")
    loop(identifier)
    """
    async with sandboxed(layers=[make_layer(one=source, two=source)]) as sandbox:
        assert (await sandbox.invoke({})).status == "success"


async def test_init_waits_for_the_first_next_of_every_extension(sandboxed, make_layer):
    # Its next comes well after the runtime's.
    source = """
    _, identifier, _ = register("INVOKE")
    while not os.path.exists("/tmp/imported"):
        time.sleep(0.01)
    time.sleep(0.5)
    loop(identifier)
    """
    function = "open('/tmp/imported', 'w').close()\ndef handler(event, context):\n    pass\n"
    async with sandboxed(function, layers=[make_layer(slow=source)]) as sandbox:
        assert sandbox.init_durations[0] >= 500
        assert [call.path.rsplit("/", 2)[1] for call in sandbox.api_calls[-2:]] == ["invocation", "event"]


async def test_invoke_and_shutdown_events(sandboxed, make_layer, plain_extension):
    async with sandboxed(layers=[make_layer(one=plain_extension)], function_name="shop") as sandbox:
        outcome = await sandbox.invoke({}, trace_id="Root=1-2-3")
        await sandbox.shutdown()
        invoke, shutdown = map(json.loads, said(sandbox))
    assert invoke == {
        "eventType": "INVOKE",
        "deadlineMs": invoke["deadlineMs"],
        "requestId": outcome.request_id,
        "invokedFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:shop",
        "tracing": {"type": "X-Amzn-Trace-Id", "value": "Root=1-2-3"},
    }
    assert invoke["deadlineMs"] == int((outcome.started_at + 30) * 1000)
    assert (shutdown["eventType"], shutdown["shutdownReason"]) == ("SHUTDOWN", "spindown")
    assert shutdown["deadlineMs"] > outcome.finished_at * 1000


async def test_what_registering_answers(sandboxed, make_layer):
    source = """
    status, identifier, body = register("INVOKE", **{"Lambda-Extension-Accept-Feature": "accountId"})
    say(json.dumps([status, bool(identifier), body]))
    loop(identifier)
    """
    async with sandboxed(layers=[make_layer(one=source)], function_name="shop", handler="app.handler") as sandbox:
        await sandbox.invoke({})
        (line,) = said(sandbox)
    body = {
        "functionName": "shop",
        "functionVersion": "$LATEST",
        "handler": "app.handler",
        "accountId": "123456789012",
    }
    assert json.loads(line) == [200, True, body]


@pytest.mark.parametrize(
    ("attempt", "error_type"),
    [
        ("register('INVOKE', name='')", "Extension.InvalidExtensionName"),
        ("register('SHUTDOWN', name='internal')", "Extension.InvalidEventType"),
        ("register('OTHER')", "Extension.InvalidEventType"),
        ("register('INVOKE')", "Extension.InvalidExtensionState"),
        ("call('POST', '/2020-01-01/extension/register', {'Lambda-Extension-Name': NAME}, [])", "InvalidRequestFormat"),
        ("next_event('not-an-id')", "Extension.InvalidExtensionIdentifier"),
        ("next_event('00000000-0000-4000-8000-000000000000')", "Extension.UnknownExtensionIdentifier"),
        ("call('GET', '/2020-01-01/extension/event/next')", "Extension.MissingExtensionIdentifier"),
        (
            "call('POST', '/2020-01-01/extension/exit/error', {'Lambda-Extension-Identifier': identifier})",
            "Extension.MissingHeader",
        ),
    ],
)
async def test_what_the_extensions_api_refuses(sandboxed, make_layer, attempt, error_type):
    source = f"""
    _, identifier, _ = register("INVOKE")
    status, _, body = {attempt}
    say(json.dumps([status, body["errorType"]]))
    loop(identifier)
    """
    async with sandboxed(layers=[make_layer(one=source)]) as sandbox:
        assert (await sandbox.invoke({})).status == "success", "a refusal is an answer, not a fault"
        assert json.loads(said(sandbox)[0]) == [403, error_type]


async def test_invoke_is_refused_on_managed_instances(sandboxed, make_layer):
    source = """
    status, _, body = register("INVOKE", "SHUTDOWN")
    say(status, body["errorType"])
    _, identifier, _ = register("SHUTDOWN")
    loop(identifier)
    """
    layers = [make_layer(one=source)]
    # AWS's Python client would fork workers: the type is given to the extension alone, the runtime is our own.
    async with sandboxed(layers=layers, initialization_type="lambda-managed-instances") as sandbox:
        assert said(sandbox) == ["403 Extension.InvalidEventType"]


async def test_a_second_next_is_refused_while_one_is_pending(sandboxed, make_layer, until):
    # Two threads ask; nobody knows which comes second.
    source = """
    _, identifier, _ = register("INVOKE", "SHUTDOWN")
    def ask():
        while True:
            status, _, body = next_event(identifier)
            if status != 200:
                say(status, body["errorType"])
                return
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    """
    async with sandboxed(layers=[make_layer(one=source)], freeze=False) as sandbox:
        await until(lambda: said(sandbox))
        assert said(sandbox) == ["403 Extension.InvalidExtensionState"]
        assert (await sandbox.invoke({})).status == "success", "the first one is still pending"


async def test_an_internal_extension_registers_from_the_runtime_and_is_waited_for(sandboxed):
    function = """
    import http.client, json, os, threading
    def call(method, path, headers, body=None):
        connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        connection.request(method, "/2020-01-01/extension" + path, headers=headers, body=body)
        answer = connection.getresponse()
        return answer.getheader("Lambda-Extension-Identifier"), json.loads(answer.read())
    identifier, _ = call("POST", "/register", {"Lambda-Extension-Name": "inner"}, '{"events":["INVOKE"]}')
    def loop():
        while True:
            _, event = call("GET", "/event/next", {"Lambda-Extension-Identifier": identifier})
            print("inner saw", event["eventType"])
    threading.Thread(target=loop, daemon=True).start()
    def handler(event, context):
        _, body = call("POST", "/register", {"Lambda-Extension-Name": "late"}, '{"events":["INVOKE"]}')
        return body["errorType"]
    """
    async with sandboxed(function) as sandbox:
        outcome = await sandbox.invoke({})
        assert outcome.response_json == "Extension.RegistrationClosed"
        assert "inner saw INVOKE" in [line.text for line in sandbox.function_log]


async def test_ten_extensions_are_the_limit(sandboxed, make_layer, plain_extension):
    async with sandboxed(layers=[make_layer(**{f"e{n}": plain_extension for n in range(11)})]) as sandbox:
        assert (await sandbox.invoke({})).error_type == "Extension.TooManyExtensions"


async def test_every_entry_that_is_not_a_folder_is_started(sandboxed, make_layer, plain_extension):
    layer = make_layer(one=plain_extension)
    (layer / "extensions" / ".hidden").write_bytes((layer / "extensions" / "one").read_bytes())
    (layer / "extensions" / ".hidden").chmod(0o755)
    (layer / "extensions" / "link").symlink_to("one")
    (layer / "extensions" / "folder").mkdir()
    async with sandboxed(layers=[layer]) as sandbox:
        assert (await sandbox.invoke({})).status == "success"
        names = {call.extension for call in sandbox.api_calls if call.path.endswith("/register")}
        assert names == {"one", ".hidden", "link"}


async def test_a_file_that_is_not_executable_fails_the_init(sandboxed, make_layer, plain_extension):
    layer = make_layer(one=plain_extension)
    (layer / "extensions" / "readme").write_text("text")
    async with sandboxed(layers=[layer]) as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.status, outcome.error_type) == ("crash", "Extension.LaunchError")
        assert "extensions/readme: Permission denied" in outcome.response_json["errorMessage"]


@pytest.mark.parametrize("code", [0, 3])
async def test_an_extension_that_exits_in_init_fails_it(sandboxed, make_layer, code):
    async with sandboxed(layers=[make_layer(one=f"register('INVOKE')\nsys.exit({code})")]) as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.status, outcome.error_type) == ("crash", "Extension.Crash")
        assert f"exit status {code}" in outcome.response_json["errorMessage"]


@pytest.mark.parametrize(
    ("path", "when", "error_type"),
    [("init/error", "", "Extension.InitError"), ("exit/error", "next_event(identifier)", "Extension.ExitError")],
)
async def test_an_extension_that_reports_its_error_and_exits(sandboxed, make_layer, path, when, error_type):
    source = f"""
    _, identifier, _ = register("INVOKE")
    {when}
    headers = {{"Lambda-Extension-Identifier": identifier, "Lambda-Extension-Function-Error-Type": "Extension.NoDisk"}}
    say(call("POST", "/2020-01-01/extension/{path}", headers, {{}})[0])
    """
    async with sandboxed(layers=[make_layer(one=source)]) as sandbox:
        assert (await sandbox.invoke({})).error_type == error_type
        assert set(said(sandbox)) == {"202"}


async def test_an_extension_killed_in_an_invocation_takes_the_function_with_it(
    sandboxed, make_layer, plain_extension, events_of
):
    function = "import time\ndef handler(event, context):\n    time.sleep(event)\n"
    layer = make_layer(victim=plain_extension, witness=plain_extension)
    async with sandboxed(function, layers=[layer]) as sandbox:
        await sandbox.invoke(0)
        (victim,) = (process for process in sandbox.processes() if process.argv[-1].endswith("/victim"))
        invocation = sandbox.start_invocation(600)
        while len(said(sandbox, "victim")) < 2:
            await sandbox_breath()
        os.kill(victim.pid, 9)
        outcome = await invocation.finished
        assert (outcome.status, outcome.error_type) == ("crash", "Extension.Crash")
        assert "signal: killed" in outcome.response_json["errorMessage"]
        assert json.loads(said(sandbox, "witness")[-1])["shutdownReason"] == "failure"
        assert (await sandbox.invoke(0)).status == "success", "a new environment"


async def sandbox_breath():
    import asyncio

    await asyncio.sleep(0.01)


async def test_an_extension_killed_while_idle_fails_the_next_invocation(sandboxed, make_layer, plain_extension, until):
    async with sandboxed(layers=[make_layer(one=plain_extension)]) as sandbox:
        await sandbox.invoke({})
        (extension,) = (process for process in sandbox.processes() if process.argv[-1].endswith("/one"))
        os.kill(extension.pid, 9)
        await until(lambda: extension.pid not in {process.pid for process in sandbox.processes()})
        assert (await sandbox.invoke({})).error_type == "Extension.Crash"
        assert (await sandbox.invoke({})).status == "success"


async def test_variables_of_an_extension(sandboxed, make_layer):
    source = """
    _, identifier, _ = register("INVOKE")
    say(json.dumps(dict(os.environ)))
    loop(identifier)
    """
    variables = {"TABLE": "t", "_HIDDEN": "x", "AWS_LAMBDA_EXEC_WRAPPER": ""}
    async with sandboxed(layers=[make_layer(one=source)], environment=variables) as sandbox:
        await sandbox.invoke({})
        seen = json.loads(said(sandbox)[0])
    assert seen["TABLE"] == "t"
    assert seen["AWS_ACCESS_KEY_ID"]
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "function"
    assert not any(name.startswith("_") for name in seen)
    not_given = {"AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_LAMBDA_LOG_GROUP_NAME"}
    assert not not_given & set(seen)
    assert "/var/lang/lib" in seen["LD_LIBRARY_PATH"].split(":")[0]
