"""Attaching, and putting back: what changes, what stays, and what is refused."""

import json
import os
import signal
import threading

import pytest

from tests.command.conftest import RUNTIMES
from tests.command.lambda_stand_in import ACCOUNT, REGION

WRAPPER = "/opt/aftercall/wrapper"
YES = "--yes"


def layers_of(service, name):
    return [layer["Arn"] for layer in service.configuration(name).get("Layers", [])]


def variables_of(service, name):
    return service.configuration(name).get("Environment", {}).get("Variables", {})


def test_200_functions_of_eight_runtimes_and_all_put_back(service, aftercall):
    """The issue's own words: in one command, with a plan, progress and a full undo; before and after are equal."""
    service.publish("aftercall", architectures=["x86_64"], description="aftercall 0.1.0 (x86_64)")
    service.publish("aftercall", architectures=["arm64"], description="aftercall 0.1.0 (arm64)")
    other = service.publish("other")
    names = [f"shop-{number:03}" for number in range(200)]
    for number, name in enumerate(names):
        service.create(
            name,
            RUNTIMES[number % len(RUNTIMES)],
            architecture="arm64" if number % 3 == 0 else "x86_64",
            variables={"STAGE": "prod", "N": str(number)} if number % 2 else None,
            layers=[other] if number % 5 == 0 else [],
        )
    before = service.configurations()

    attached = aftercall("attach", "--all", YES)
    assert attached.status == 0, attached.err
    assert f"{REGION}: 200 to change, 0 as they should be, 0 refused" in attached.out
    assert attached.out.count("\ndone shop-") == 200
    assert "attach: 200 of 200" in attached.out
    after = service.configurations()
    for number, name in enumerate(names):
        version = 2 if number % 3 == 0 else 1
        ours = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:aftercall:{version}"
        assert [layer["Arn"] for layer in after[name]["Layers"]] == ([other, ours] if number % 5 == 0 else [ours])
        watched = RUNTIMES[number % len(RUNTIMES)].startswith(("python", "nodejs", "java"))
        variables = after[name].get("Environment", {}).get("Variables", {})
        assert variables.get("AWS_LAMBDA_EXEC_WRAPPER") == (WRAPPER if watched else None)
        assert variables.get("STAGE") == ("prod" if number % 2 else None)

    calls = len(service.calls)
    again = aftercall("attach", "--all", YES)
    assert (again.status, "0 to change, 200 as they should be" in again.out) == (0, True)
    assert all(method == "GET" for method, _, _ in service.calls[calls:])

    undone = aftercall("detach", "--undo", YES)
    assert undone.status == 0, undone.err
    assert "undo: 200 of 200" in undone.out
    assert service.configurations() == before
    again = aftercall("detach", "--undo", YES)
    assert (again.status, again.err.startswith("already undone: ")) == (0, True)


def test_an_older_version_is_replaced_where_it_lay(service, aftercall):
    first, old, last = service.publish("first"), service.publish("aftercall"), service.publish("last")
    service.create("orders", layers=[first, old, last], variables={"AWS_LAMBDA_EXEC_WRAPPER": WRAPPER})
    new = service.publish("aftercall")
    result = aftercall("attach", "orders", YES)
    assert "version 1 -> 2" in result.out
    assert layers_of(service, "orders") == [first, new, last]


def test_a_wrapper_that_is_there_is_chained_when_asked_and_comes_back(service, aftercall):
    service.publish("aftercall")
    service.create("orders", variables={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/theirs", "A": "1"})
    before = service.configuration("orders")
    refused = aftercall("attach", "orders", YES)
    assert (refused.status, "is /opt/theirs already: --chain" in refused.out) == (3, True)
    assert service.configuration("orders") == before
    assert aftercall("attach", "orders", YES, "--chain").status == 0
    assert variables_of(service, "orders") == {
        "AWS_LAMBDA_EXEC_WRAPPER": WRAPPER,
        "AFTERCALL_NEXT_WRAPPER": "/opt/theirs",
        "A": "1",
    }
    detached = aftercall("detach", "orders", YES)
    assert "/opt/theirs is the wrapper again" in detached.out
    assert service.configuration("orders") == before


def test_settings_are_set_with_it(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    aftercall("attach", "orders", YES, "--set", "OTEL_SERVICE_NAME=shop", "--set", "AFTERCALL_LOG_LEVEL=debug")
    assert variables_of(service, "orders")["OTEL_SERVICE_NAME"] == "shop"


def test_the_plan_shows_no_value_that_may_be_a_secret(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    plan = aftercall("attach", "orders", "--dry-run", "--set", "OTEL_EXPORTER_OTLP_HEADERS=api-key=hunter2")
    assert ("+ OTEL_EXPORTER_OTLP_HEADERS" in plan.out, "hunter2" in plan.out) == (True, False)


@pytest.mark.parametrize(
    ("assignment", "line"),
    [
        ("AFTERCALL_LOGLEVEL=debug", "aftercall does not read AFTERCALL_LOGLEVEL: did you mean AFTERCALL_LOG_LEVEL?"),
        ("OTEL_EXPORTER_ENDPOINT=x", "aftercall does not read OTEL_EXPORTER_ENDPOINT: did you mean OTEL_EXPORTER_OT"),
    ],
)  # fmt: skip
def test_a_setting_that_is_not_known_is_warned_of_and_set(service, aftercall, assignment, line):
    service.publish("aftercall")
    service.create("orders")
    result = aftercall("attach", "orders", YES, "--set", assignment)
    assert (result.status, f"aftercall attach: warning: {line}" in result.err) == (0, True), result.err
    assert assignment.partition("=")[0] in variables_of(service, "orders")
    assert aftercall("attach", "orders", YES, "--set", "AFTERCALL_LOG_LEVEL=off").err == ""


def test_a_value_that_cannot_be_used_is_told_in_the_plan(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    plan = aftercall("attach", "orders", "--dry-run", "--set", "AFTERCALL_LOG_LEVEL=verbose")
    assert "note orders: AFTERCALL_LOG_LEVEL ('verbose'): " in plan.out


def test_those_that_are_refused_can_be_passed_over(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    service.create("image", None)
    assert aftercall("attach", "--all", "--dry-run").status == 3
    assert aftercall("attach", "--all", YES, "--skip-refused").status == 0
    assert layers_of(service, "orders")
    service.create("late")
    service.refuse("PUT", "/late/configuration", 403, "AccessDeniedException", "no")
    assert aftercall("attach", "--all", YES, "--skip-refused").status == 1


def test_what_comes_next_is_said(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    told = aftercall("attach", "orders", YES).out
    assert "what next: invoke orders, and see its record in its log:" in told
    assert f"aws logs tail /aws/lambda/orders --region {REGION} --since 5m --filter-pattern aftercall" in told
    told = aftercall("attach", "orders", YES, "--set", "OTEL_EXPORTER_OTLP_ENDPOINT=https://o.example/KEY").out
    assert "at the receiver of its OTEL_EXPORTER_OTLP_ENDPOINT" in told
    assert "KEY" not in told


def test_settings_stay_when_it_goes(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    aftercall("attach", "orders", YES, "--set", "OTEL_SERVICE_NAME=shop", "--set", "AFTERCALL_LOG_LEVEL=debug")
    result = aftercall("detach", "orders", YES)
    assert "AFTERCALL_LOG_LEVEL stays, without effect" in result.out
    assert variables_of(service, "orders") == {"OTEL_SERVICE_NAME": "shop", "AFTERCALL_LOG_LEVEL": "debug"}
    # The same from the undo file of that detach.
    assert aftercall("detach", "--undo", YES).status == 0
    assert variables_of(service, "orders")["AWS_LAMBDA_EXEC_WRAPPER"] == WRAPPER


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (["a-one", "b-one"], ["a-one", "b-one"]),
        ([f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:a-one"], ["a-one"]),
        ([f"{ACCOUNT}:function:a-one"], ["a-one"]),
        (["a-one", "a-one"], ["a-one"]),
        (["a-one:$LATEST"], ["a-one"]),
        (["--prefix", "a-"], ["a-one", "a-two"]),
        (["--tag", "team=x"], ["a-two", "b-one"]),
        (["--tag", "team"], ["a-two", "b-one", "b-two"]),
        (["--tag", "team=x", "--tag", "stage=prod"], ["b-one"]),
        (["--prefix", "b-", "--tag", "team=x"], ["b-one"]),
        (["--all"], ["a-one", "a-two", "b-one", "b-two"]),
    ],
)
def test_choosing_functions(service, aftercall, arguments, chosen):
    service.publish("aftercall")
    service.create("a-one")
    service.create("a-two", tags={"team": "x"})
    service.create("b-one", tags={"team": "x", "stage": "prod"})
    service.create("b-two", tags={"team": "y"})
    assert aftercall("attach", *arguments, YES).status == 0
    assert [name for name in ("a-one", "a-two", "b-one", "b-two") if layers_of(service, name)] == chosen


@pytest.mark.parametrize(
    "layer",
    [f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:watch:1", "watch", f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:watch"],
)
def test_a_layer_of_another_name(service, aftercall, layer):
    arn = service.publish("watch")
    service.create("orders")
    assert aftercall("attach", "orders", YES, "--layer", layer).status == 0
    assert layers_of(service, "orders") == [arn]
    assert "has no aftercall" not in aftercall("detach", "orders", YES, "--layer", "watch").out
    assert layers_of(service, "orders") == []


def test_what_takes_effect_later_is_said(service, aftercall):
    service.publish("aftercall")
    service.create("snap", "java21")
    service.overlay("snap", SnapStart={"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"})
    service.create("managed")
    service.overlay("managed", CapacityProviderConfig={"LambdaManagedInstancesCapacityProviderConfig": {}})
    plan = aftercall("attach", "--all", "--dry-run")
    assert (plan.status, service.count("PUT", "/configuration")) == (0, 0)
    assert "SnapStart: takes effect with the next published version" in plan.out
    assert "Managed Instances: takes effect with the next published version" in plan.out


def test_a_function_that_is_being_updated_is_waited_for(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    service.busy("orders", looks=2)
    assert aftercall("attach", "--all", YES).status == 0
    assert layers_of(service, "orders")


def test_an_update_that_comes_between_look_and_request_is_looked_at_again(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    service.before("PUT", "/configuration", lambda: service.client().update_function_configuration(
        FunctionName="orders", Timeout=9
    ))  # fmt: skip
    assert aftercall("attach", "orders", YES).status == 0
    assert service.configuration("orders")["Timeout"] == 9
    assert layers_of(service, "orders")
    updates = [body for method, path, body in service.calls if method == "PUT" and path.endswith("/configuration")]
    assert len(updates) == 3, "the other's, ours that was refused since it named the revision before, and ours again"


def test_a_function_that_somebody_else_changes_after_the_plan_is_left_alone(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    other = {"FunctionName": "orders", "Environment": {"Variables": {"NEW": "1"}}}
    service.before("PUT", "/configuration", lambda: service.client().update_function_configuration(**other))
    result = aftercall("attach", "orders", YES)
    assert result.status == 1
    assert "orders: was changed by somebody else since the plan was made" in result.out
    assert (variables_of(service, "orders"), layers_of(service, "orders")) == ({"NEW": "1"}, [])


def test_a_request_that_is_sent_again_since_its_answer_was_lost_is_done(service, aftercall):
    arn = service.publish("aftercall")
    service.create("orders")
    variables = {"AWS_LAMBDA_EXEC_WRAPPER": WRAPPER}
    ours = {"FunctionName": "orders", "Layers": [arn], "Environment": {"Variables": variables}}
    service.before("PUT", "/configuration", lambda: service.client().update_function_configuration(**ours))
    result = aftercall("attach", "orders", YES)
    assert (result.status, "attach: 1 of 1" in result.out) == (0, True), result.out
    assert aftercall("detach", "--undo", YES).status == 0
    assert layers_of(service, "orders") == []


def test_throttling_is_waited_out(service, aftercall):
    service.publish("aftercall")
    for number in range(4):
        service.create(f"f{number}")
    service.refuse("PUT", "/configuration", 429, "TooManyRequestsException", "Rate exceeded", times=3)
    result = aftercall("attach", "--all", YES)
    assert (result.status, "attach: 4 of 4" in result.out) == (0, True)


def test_one_that_fails_does_not_stop_the_others(service, aftercall):
    service.publish("aftercall")
    for name in ("a", "b", "c"):
        service.create(name)
    denied = "User is not authorized to perform: lambda:UpdateFunctionConfiguration"
    service.refuse("PUT", "/b/configuration", 403, "AccessDeniedException", denied)
    result = aftercall("attach", "--all", YES)
    assert result.status == 1
    assert "failed b: b: your credentials may not do UpdateFunctionConfiguration" in result.out
    assert "attach: 2 of 3, 1 failed" in result.out
    assert [bool(layers_of(service, name)) for name in ("a", "b", "c")] == [True, False, True]


def test_ctrl_c_finishes_what_has_begun_and_leaves_the_rest(service, aftercall):
    service.publish("aftercall")
    names = [f"f{number:02}" for number in range(60)]
    for name in names:
        service.create(name)
    before = service.configurations()

    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        # Python calls handlers in its main thread, a moment later.
        threading.Event().wait(0.3)

    service.before("PUT", "/configuration", interrupt)
    result = aftercall("attach", "--all", YES)
    changed = [name for name, after in service.configurations().items() if after["Layers"]]
    assert result.status == 1
    assert "stopping after what has begun" in result.out
    assert f"attach: {len(changed)} of 60, {60 - len(changed)} left alone" in result.out
    assert 0 < len(changed) < 60
    assert aftercall("detach", "--undo", YES).status == 0
    assert service.configurations() == before


def test_the_undo_file_is_written_before_the_change_and_holds_no_other_variable(service, aftercall, tmp_path):
    service.publish("aftercall")
    service.create("orders", variables={"DB_PASSWORD": "hunter2"})
    file = tmp_path / "undo.jsonl"
    seen = []
    service.before("PUT", "/configuration", lambda: seen.append(file.read_text()))
    assert aftercall("attach", "orders", YES, "--undo-file", file).status == 0
    lines = [json.loads(line) for line in seen[0].splitlines()]
    assert [line.get("name") for line in lines] == [None, "orders"]
    assert lines[1]["before"] == {"layers": [], "variables": {"AWS_LAMBDA_EXEC_WRAPPER": None}}
    assert "hunter2" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_undo_keeps_what_others_changed_since(service, aftercall, tmp_path):
    other, old = service.publish("other"), service.publish("aftercall")
    service.create("orders", layers=[old], variables={"A": "1"})
    new = service.publish("aftercall")
    aftercall("attach", "orders", YES)
    changed = {"A": "2", "AWS_LAMBDA_EXEC_WRAPPER": "/opt/theirs"}
    service.client().update_function_configuration(
        FunctionName="orders", Layers=[other, new], Environment={"Variables": changed}
    )
    result = aftercall("detach", "--undo", YES)
    assert "AWS_LAMBDA_EXEC_WRAPPER was changed since and stays" in result.out
    assert (layers_of(service, "orders"), variables_of(service, "orders")) == ([other, old], changed)


def test_an_undo_goes_on_where_it_was_cut_off_and_passes_over_what_is_gone(service, aftercall, tmp_path):
    service.publish("aftercall")
    for name in ("a", "b", "c"):
        service.create(name)
    file = tmp_path / "undo.jsonl"
    aftercall("attach", "--all", YES, "--undo-file", file)
    with file.open("a") as lines:
        lines.write('{"function": "arn:aws:lam')
    service.client().delete_function(FunctionName="b")
    service.refuse("PUT", "/c/configuration", 403, "AccessDeniedException", "no")
    first = aftercall("detach", "--undo", file, YES)
    assert (first.status, "b is no longer there" in first.err) == (1, True)
    second = aftercall("detach", "--undo", file, YES)
    assert (second.status, "1 to change, 1 as they should be" in second.out) == (0, True)
    assert layers_of(service, "c") == []
