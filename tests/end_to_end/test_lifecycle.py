"""Freeze and thaw, time-outs, crashes, init errors: what the function's caller gets, and what comes out of it."""

import asyncio
import contextlib
import json
import os
import signal

import pytest

from aftercall.sandbox import Sandbox
from tests.end_to_end.watching import backend, configuration, watch
from tests.log_lines import records_in


def test_three_invocations_with_freezes_between_them_come_out_one_by_one(layer) -> None:
    seen: list[int] = []

    async def count(sandbox, number) -> None:
        seen.append(len(records_in(line.text for line in sandbox.extension_log)))

    watched = watch("plain.ok", [1, 2, 3], layer=layer, between=count)
    # Each record is out before the environment freezes, not with the next invocation.
    assert seen == [1, 2, 3]
    assert len(watched.records) == 3


def test_a_function_killed_by_its_time_out_tells_so_and_the_next_environment_goes_on(layer) -> None:
    watched = watch("plain.sleeps", [{"seconds": 30}, {"seconds": 0}], layer=layer, timeout=3)
    assert [outcome.status for outcome in watched.outcomes] == ["timeout", "success"]
    assert [record["status"] for record in watched.records] == ["timeout", "ok"]


def test_what_a_killed_extension_left_behind_comes_out_of_the_next_one(layer) -> None:
    """Launcher and Python part die in the middle of an invocation, before anything of it was read."""
    config = configuration("plain.sleeps", layer=layer, timeout=20)

    async def run() -> tuple[list, list[str]]:
        async with Sandbox(config) as sandbox:
            lost = sandbox.start_invocation({"seconds": 15})
            await asyncio.sleep(1)
            for process in sandbox.processes():
                if process.argv[:1] == ("/opt/extensions/aftercall",):
                    # The launcher's death takes the others along.
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process.pid, signal.SIGKILL)
            outcomes = [await lost.finished, await sandbox.invoke({"seconds": 0})]
        return outcomes, [line.text for line in sandbox.extension_log]

    outcomes, lines = asyncio.run(run())
    assert [outcome.status for outcome in outcomes] == ["crash", "success"]
    records = {record["request_id"]: record["status"] for record in records_in(lines)}
    # Whether by a time-out or a crash, nobody was left to say.
    assert records.pop(outcomes[0].request_id) in {"unknown", "crash"}
    assert records == {outcomes[1].request_id: "ok"}


def test_a_function_that_ends_its_process_is_a_crash(layer) -> None:
    watched = watch("plain.exits", [1], layer=layer)
    assert watched.outcomes[0].status == "crash"
    assert [record["status"] for record in watched.records] == ["crash"]


@pytest.mark.parametrize("handler", ["no_such_module.handler", "plain.no_such_handler", "fails_at_import.handler"])
def test_init_errors_stay_the_runtime_clients_own(layer, handler: str) -> None:
    without, watched = watch(handler, layer=None), watch(handler, layer=layer)

    def payload(outcome) -> dict:
        found: dict = json.loads(outcome.error)
        found.pop("requestId", None)
        return found

    assert watched.outcomes[0].status == without.outcomes[0].status
    assert payload(watched.outcomes[0]) == payload(without.outcomes[0])


def test_calls_made_at_import_are_seen(layer) -> None:
    with backend() as (url, _):
        watched = watch("calls_at_import.handler", layer=layer, environment={"URL": f"{url}/config"})
    assert f"{url}/config" in json.dumps(watched.records)


def test_without_the_wrapper_variable_the_function_runs_and_its_invocations_come_out(layer) -> None:
    watched = watch("plain.ok", [1, 2], layer=layer, wrapper=None)
    assert [outcome.status for outcome in watched.outcomes] == ["success", "success"]
    assert [record["request_id"] for record in watched.records] == [outcome.request_id for outcome in watched.outcomes]


def test_disabled_means_nothing_at_all(layer) -> None:
    watched = watch("plain.ok", [1], layer=layer, environment={"AFTERCALL_DISABLED": "true"})
    assert watched.outcomes[0].status == "success"
    assert watched.extension_lines == []


def test_the_function_sees_neither_variables_nor_paths_nor_arguments_of_ours(layer) -> None:
    without = watch("plain.looks_around", layer=None).outcomes[0].response_json
    watched = watch("plain.looks_around", layer=layer).outcomes[0].response_json
    # The user's own setting, what differs from one environment to the next, and what any shell sets: on Lambda, AWS's
    # own bootstrap is one and has set it before us.
    varying = [
        "PWD",
        "AWS_LAMBDA_EXEC_WRAPPER",
        "AWS_LAMBDA_RUNTIME_API",
        "_X_AMZN_TRACE_ID",
        "AWS_LAMBDA_LOG_STREAM_NAME",
    ]
    for seen in (without, watched):
        for name in varying:
            seen["environment"].pop(name, None)
    assert watched["environment"] == without["environment"]
    assert (watched["path"], watched["argv"], watched["orig_argv"]) == (
        without["path"],
        without["argv"],
        without["orig_argv"],
    )
    # The interpreter's own half of contextvars is all that comes early.
    foreign = {name for name in set(watched["modules"]) - set(without["modules"]) if not name.startswith("_aftercall")}
    assert foreign <= {"_contextvars"}


def test_debug_tells_each_phase_as_it_passes(layer) -> None:
    watched = watch("plain.ok", [1], layer=layer, environment={"AFTERCALL_LOG_LEVEL": "debug"})
    told = "\n".join(watched.notices)
    for phase in ("init", "invoke", "bell", "export", "done", "shutdown"):
        assert phase in told
    assert "spindown" in told
