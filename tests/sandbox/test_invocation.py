"""Invocations under AWS's own Python client."""

import itertools
import json
from pathlib import Path

import pytest


async def test_the_function_gets_the_event_and_the_caller_the_response(sandboxed, isolation):
    async with sandboxed(isolation=isolation) as sandbox:
        outcome = await sandbox.invoke({"n": 1})
        assert (outcome.status, outcome.response_json) == ("success", {"event": {"n": 1}})
        assert outcome.content_type == "application/json"
        assert [line.text for line in sandbox.function_log] == ["handling {'n': 1}"]
        assert "aws-lambda-python" in sandbox.runtime_client


async def test_event_bytes_are_passed_on_as_they_are(custom_runtime):
    runtime = """
    while True:
        _, headers, event = next_invocation()
        respond(headers["Lambda-Runtime-Aws-Request-Id"], event.decode("latin-1"))
    """
    async with custom_runtime(runtime) as sandbox:
        outcome = await sandbox.invoke(b'{ "a":1,\xff}')
        assert json.loads(outcome.response) == '{ "a":1,\xff}'


async def test_an_exception_is_an_error_with_the_payload_that_the_runtime_posted(sandboxed):
    function = "def handler(event, context):\n    raise KeyError('nothing')\n"
    async with sandboxed(function) as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.status, outcome.error_type) == ("error", "KeyError")
        assert json.loads(outcome.error)["stackTrace"]
        assert outcome.response is None
        assert (await sandbox.invoke({})).status == "error", "the environment goes on"


async def test_context_and_headers_reach_the_function(sandboxed):
    function = """
    import os
    def handler(event, context):
        return {"id": context.aws_request_id, "arn": context.invoked_function_arn,
                "left": context.get_remaining_time_in_millis(),
                "client": context.client_context.custom, "cognito": context.identity.cognito_identity_id,
                "tenant": context.tenant_id, "trace": os.environ["_X_AMZN_TRACE_ID"], "group": context.log_group_name}
    """
    async with sandboxed(function, function_name="shop", timeout=20.0) as sandbox:
        outcome = await sandbox.invoke(
            {},
            trace_id="Root=1-2-3;Sampled=1",
            client_context='{"custom": {"a": "b"}}',
            cognito_identity='{"cognitoIdentityId": "me", "cognitoIdentityPoolId": "pool"}',
            tenant_id="blue",
        )
        seen = outcome.response_json
        assert seen["id"] == outcome.request_id
        assert seen["arn"] == "arn:aws:lambda:us-east-1:123456789012:function:shop"
        assert 0 < seen["left"] <= 20_000
        assert (seen["client"], seen["cognito"], seen["tenant"]) == ({"a": "b"}, "me", "blue")
        assert (seen["trace"], seen["group"]) == ("Root=1-2-3;Sampled=1", "/aws/lambda/shop")


async def test_the_caller_has_the_response_while_an_extension_still_works(sandboxed, make_layer):
    extension = """
    _, identifier, _ = register("INVOKE", "SHUTDOWN")
    def work(event):
        while event["eventType"] == "INVOKE" and not os.path.exists("/tmp/go-on"):
            time.sleep(0.01)
    loop(identifier, work)
    """
    async with sandboxed(layers=[make_layer(slow=extension)]) as sandbox:
        invocation = sandbox.start_invocation({})
        await invocation.responded
        assert json.loads(invocation.response) == {"event": {}}
        assert not invocation.finished.done()
        touch(sandbox.tmp, "go-on")
        outcome = await invocation.finished
        assert outcome.status == "success"
        assert outcome.started_at < outcome.responded_at < outcome.finished_at
        (report,) = (event for event in outcome.telemetry if event["type"] == "platform.report")
        overhead = {span["name"]: span["durationMs"] for span in report["record"]["spans"]}["extensionOverhead"]
        assert 0 < overhead <= outcome.duration


async def test_only_the_first_invocation_reports_the_init_duration_and_bills_it(sandboxed):
    async with sandboxed() as sandbox:
        first, second = await sandbox.invoke({}), await sandbox.invoke({})
        assert first.init_duration == sandbox.init_durations[0] > 0
        assert first.billed_duration >= first.init_duration + first.duration
        assert second.init_duration is None
        assert second.duration <= second.billed_duration < second.duration + 1


@pytest.mark.parametrize(
    ("post", "status", "error_type"),
    [
        ("respond('wrong', 1)", 400, "InvalidRequestID"),
        ("next_invocation_json()", 403, "InvalidStateTransition"),
        ("call('GET', '/2018-06-01/runtime/restore/next')", 403, "InvalidStateTransition"),
        ("call('POST', '/2018-06-01/runtime/restore/error', body={})", 403, "InvalidStateTransition"),
        ("call('POST', '/2018-06-01/runtime/init/error', body={})", 403, "InvalidStateTransition"),
        ("call('GET', '/2018-06-01/nothing')", 404, "NotFound"),
        ("call('GET', '/2018-06-01/runtime/init/error')", 405, "NotFound"),
        (
            "respond(request_id, 1, **{'Lambda-Runtime-Function-Response-Mode': 'other'})",
            400,
            "InvalidFunctionResponseMode",
        ),
    ],
)
async def test_what_the_runtime_api_refuses(custom_runtime, post, status, error_type):
    runtime = f"""
    def next_invocation_json():
        status, headers, body = next_invocation()
        return status, headers, json.loads(body)
    _, headers, _ = next_invocation()
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    status, _, body = {post}
    respond(request_id, [status, body["errorType"]])
    next_invocation()
    """
    async with custom_runtime(runtime) as sandbox:
        assert (await sandbox.invoke({})).response_json == [status, error_type]


async def test_a_second_response_is_refused(custom_runtime):
    runtime = """
    _, headers, _ = next_invocation()
    respond(headers["Lambda-Runtime-Aws-Request-Id"], "first")
    say(respond(headers["Lambda-Runtime-Aws-Request-Id"], "second")[0])
    next_invocation()
    """
    async with custom_runtime(runtime) as sandbox:
        assert (await sandbox.invoke({})).response_json == "first"
        assert [line.text for line in sandbox.function_log] == ["403"]


async def test_a_response_beyond_6_mb_is_an_error_and_the_environment_goes_on(custom_runtime):
    runtime = """
    while True:
        _, headers, event = next_invocation()
        say(respond(headers["Lambda-Runtime-Aws-Request-Id"], "x" * json.loads(event))[0])
    """
    async with custom_runtime(runtime) as sandbox:
        outcome = await sandbox.invoke(6_291_557)
        assert (outcome.status, outcome.error_type) == ("error", "Function.ResponseSizeTooLarge")
        assert (await sandbox.invoke(6_000_000)).status == "success"
        assert [line.text for line in sandbox.function_log] == ["413", "202"]


async def test_a_streamed_response_comes_in_chunks_and_tells_its_first_byte(custom_runtime):
    runtime = """
    _, headers, _ = next_invocation()
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    path = f"/2018-06-01/runtime/invocation/{headers['Lambda-Runtime-Aws-Request-Id']}/response"
    def chunks():
        yield b"first,"
        time.sleep(0.05)
        yield b"second"
    connection.request("POST", path, body=chunks(), encode_chunked=True, headers={
        "Lambda-Runtime-Function-Response-Mode": "streaming", "Transfer-Encoding": "chunked",
        "Content-Type": "application/vnd.awslambda.http-integration-response"})
    connection.getresponse().read()
    next_invocation()
    """
    async with custom_runtime(runtime) as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.response, outcome.streamed) == (b"first,second", True)
        assert outcome.content_type == "application/vnd.awslambda.http-integration-response"
        assert outcome.first_byte_at < outcome.responded_at


async def test_runtime_variables_and_nothing_of_the_developers(sandboxed, isolation, monkeypatch):
    monkeypatch.setenv("DEVELOPERS_SECRET", "x")
    function = "import os\ndef handler(event, context):\n    return dict(os.environ) | {'cwd': os.getcwd()}\n"
    settings = {"environment": {"TABLE": "t"}, "isolation": isolation, "memory_mb": 512, "runtime_name": "python3.99"}
    async with sandboxed(function, **settings) as sandbox:
        seen = (await sandbox.invoke({})).response_json
    assert "DEVELOPERS_SECRET" not in seen
    assert "HOME" not in seen
    assert seen["cwd"] == seen["LAMBDA_TASK_ROOT"]
    expected = {
        "TABLE": "t",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.99",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "_HANDLER": "app.handler",
        "TZ": ":UTC",
    }
    assert {name: seen[name] for name in expected} == expected
    assert ("AFTERCALL_SPOOL_DIR" in seen) is (isolation == "paths")
    allowed = {"PATH", "LD_LIBRARY_PATH", "LANG", "LC_CTYPE", "TMPDIR", "AFTERCALL_SPOOL_DIR", "TABLE", "TZ", "cwd"}
    assert {
        name for name in seen if not name.lstrip("_").startswith(("AWS_", "LAMBDA_", "X_AMZN", "HANDLER"))
    } <= allowed


@pytest.mark.parametrize("name", ["python3.11", "provided.al2023"])
async def test_the_wrapper_is_applied_as_the_managed_bootstraps_do(sandboxed, make_layer, name):
    layer = make_layer()
    wrapper = layer / "wrap"
    layer.mkdir(exist_ok=True)
    wrapper.write_text('#!/bin/sh\necho "wrapped $*"\nexec "$@"\n')
    wrapper.chmod(0o755)
    async with sandboxed(layers=[layer], wrapper="/opt/wrap", runtime_name=name) as sandbox:
        assert (await sandbox.invoke({})).status == "success"
        wrapped = [line.text for line in sandbox.function_log if line.text.startswith("wrapped")]
    assert len(wrapped) == (0 if name.startswith("provided") else 1)
    assert all(line.endswith("-m awslambdaric app.handler") for line in wrapped)


async def test_a_missing_wrapper_is_the_functions_failure(sandboxed):
    async with sandboxed(wrapper="/opt/none") as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.status, outcome.error_type) == ("crash", "Runtime.InvalidEntrypoint")
        assert "none: No such file or directory" in outcome.response_json["errorMessage"]


async def test_an_import_error_is_reported_in_the_clients_words(sandboxed, events_of):
    async with sandboxed("import nothing_of_this_name\n") as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.status, outcome.error_type) == ("error", "Runtime.ImportModuleError")
        assert "No module named 'nothing_of_this_name'" in outcome.response_json["errorMessage"]
        phases = [(e["record"]["phase"], e["record"]["status"]) for e in events_of(sandbox, "platform.initReport")]
        assert phases == [("init", "error"), ("invoke", "error")], "tried again by the invocation, as in Lambda"


async def test_an_init_that_hangs_ends_at_its_time_out_and_again_with_the_invocation(sandboxed, events_of):
    async with sandboxed("import time\ntime.sleep(600)\n", init_timeout=0.5, timeout=0.5) as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.status, outcome.error_type) == ("timeout", "Sandbox.Timedout")
        assert [e["record"]["status"] for e in events_of(sandbox, "platform.initReport")] == ["timeout", "timeout"]
        assert sandbox.processes() == []


async def test_a_cold_start_can_be_asked_for(sandboxed):
    function = "import os\ndef handler(event, context):\n    return os.environ['AWS_LAMBDA_LOG_STREAM_NAME']\n"
    async with sandboxed(function) as sandbox:
        await sandbox.invoke({})
        await sandbox.shutdown()
        assert sandbox.processes() == []
        outcome = await sandbox.invoke({})
        assert outcome.status == "success"
        assert outcome.init_duration == sandbox.init_durations[1]


async def test_invocations_asked_for_at_once_run_one_after_another(sandboxed):
    async with sandboxed() as sandbox:
        invocations = [sandbox.start_invocation({"n": n}) for n in range(3)]
        outcomes = [await invocation.finished for invocation in invocations]
        assert [outcome.response_json["event"]["n"] for outcome in outcomes] == [0, 1, 2]
        for earlier, later in itertools.pairwise(outcomes):
            assert earlier.finished_at <= later.started_at


async def test_memory_used_is_that_of_all_processes(sandboxed):
    function = "def handler(event, context):\n    global kept\n    kept = b'x' * (64 << 20)\n"
    async with sandboxed(function) as sandbox:
        assert (await sandbox.invoke({})).max_memory_mb > 64


async def test_tmp_is_the_environments_own(sandboxed, isolation):
    function = """
    import os, tempfile
    def handler(event, context):
        with open(os.path.join(tempfile.gettempdir(), "mine"), "w") as file:
            file.write("hello")
    """
    async with sandboxed(function, isolation=isolation) as sandbox:
        assert (await sandbox.invoke({})).status == "success"
        assert read(sandbox.tmp, "mine") == "hello"
        assert read("/tmp", "mine") is None


def read(folder, name):
    path = Path(folder, name)
    return path.read_text() if path.exists() else None


def touch(folder, name):
    Path(folder, name).touch()
