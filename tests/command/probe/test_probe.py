"""The probe in the local sandbox: what a real environment would be asked, and how the verdicts are made."""

import asyncio
import copy
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aftercall.command.probe import command as probe
from aftercall.sandbox import Sandbox, SandboxConfig

PARTS = Path(probe.__file__).parent / "parts"


def unpack(content, folder):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
        for entry in archive.infolist():
            (folder / entry.filename).chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the function answers to three invocations, with freezes of a second between them."""
    place = tmp_path_factory.mktemp("probe")
    layer = place / "layer.zip"
    layer.write_bytes(probe.layer_zip())
    config = SandboxConfig(
        command=[sys.executable, "-m", "awslambdaric", "app.handler"],
        task_root=unpack(probe.function_zip(), place / "function"),
        layers=[layer],
        wrapper="/var/task/wrapper",
        timeout=60,
        init_timeout=60,
    )

    async def run():
        answered = []
        async with Sandbox(config) as sandbox:
            for _ in range(3):
                outcome = await sandbox.invoke({})
                assert outcome.status == "success", (outcome, sandbox.extension_log, sandbox.function_log)
                answered.append(outcome.response_json)
                await asyncio.sleep(1)
            return answered, [line.text for line in sandbox.function_log]

    return asyncio.run(run())


def test_what_holds_in_the_sandbox(answers):
    last = answers[0][-1]
    verdicts = {assumption: (found, holds) for assumption, found, holds in last["rows"]}
    failed = {assumption: found for assumption, (found, holds) in verdicts.items() if holds is False}
    # Containers may forbid the two that need privileges; the probe's task is to say so.
    privileges = {name for name in failed if "oom_score_adj" in name or "autogroups" in name}
    assert set(failed) == privileges, failed
    assert verdicts["the environment is frozen between invocations"][1] is True
    assert "events, the last after" in verdicts["inotify in /tmp tells the extension of the function's renames"][0]
    assert len(last["lines"]) == len(last["rows"]) >= 17


def test_the_wrapper_tells_the_command_line(answers):
    assert any(line.startswith("aftercall-probe argv: ") and "awslambdaric" in line for line in answers[1])
    assert any(line.startswith("aftercall-probe files: ") for line in answers[1])


def test_what_cannot_be_told_at_first_is_not_called_a_failure(answers):
    first = {assumption: holds for assumption, _, holds in answers[0][0]["rows"]}
    assert first["the environment is frozen between invocations"] is None


@pytest.fixture
def assumptions():
    spec = importlib.util.spec_from_file_location("probe_assumptions", PARTS / "assumptions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXTENSION = {
    "uid": 993,
    "nice_19": True,
    "oom_score_adj": True,
    "autogroup_enabled": "1",
    "autogroup": "/autogroup-2 nice 0",
    "autogroup_writable": True,
    "pid_namespace": "pid:[1]",
    "seqpacket": True,
    "inotify": True,
    "bells": [12.0],
    "invocations": 2,
    "subscribed": 200,
    "telemetry": ["platform.runtimeDone"],
    "longest_pause": 2.0,
    "registering": 10.0,
    "environment": ["PATH"],
}
FUNCTION = {
    "uid": 993,
    "pid_namespace": "pid:[1]",
    "autogroup": "/autogroup-3 nice 0",
    "started": 10.01,
    "rename": True,
    "tmp": "ext4, 500 MB free",
    "argv": ["/var/lang/bin/python3.13", "/var/runtime/bootstrap.py"],
    "client": "/var/runtime/awslambdaric",
    "client_hookable": True,
    "glibc": "glibc 2.34",
}


def failing(assumptions, extension, function):
    return [assumption for assumption, _, holds in assumptions.rows(extension, function, second=True) if holds is False]


def test_an_environment_as_we_believe_it_to_be(assumptions):
    assert failing(assumptions, EXTENSION, FUNCTION) == []


@pytest.mark.parametrize(
    ("extension", "function", "failed"),
    [
        ({}, {"uid": 1}, "one user"),
        ({"nice_19": "False (Operation not permitted)"}, {}, "nice 19"),
        ({"oom_score_adj": "False (Permission denied)"}, {}, "oom_score_adj"),
        ({"autogroup_writable": "False (Permission denied)"}, {}, "autogroups"),
        ({"pid_namespace": "pid:[2]"}, {}, "pids mean the same"),
        ({"seqpacket": "False (not supported)"}, {}, "SEQPACKET"),
        ({"inotify": "False (not implemented)"}, {}, "inotify"),
        ({"bells": []}, {}, "inotify"),
        ({"subscribed": 403}, {}, "accepts a subscription"),
        ({"telemetry": ["platform.start"]}, {}, "runtimeDone"),
        ({"longest_pause": 0.03}, {}, "frozen"),
        ({"registering": 10.5}, {}, "registered"),
        ({"environment": ["_HANDLER"]}, {}, "environment has no"),
        ({}, {"rename": False}, "atomic"),
        ({}, {"argv": ["/usr/bin/loader", "python3"]}, "interpreter"),
        ({}, {"argv": []}, "interpreter"),
        ({}, {"client_hookable": False}, "runtime client"),
        ({}, {"glibc": "glibc 2.17"}, "glibc"),
    ],
)
def test_each_assumption_can_fail(assumptions, extension, function, failed):
    (name,) = failing(assumptions, {**EXTENSION, **extension}, {**copy.deepcopy(FUNCTION), **function})
    assert failed in name


@pytest.mark.parametrize("place", ["extension", "function"])
def test_a_fact_that_is_missing_or_odd_costs_its_own_rows_alone(assumptions, place):
    facts = {"extension": EXTENSION, "function": FUNCTION}
    for name in facts[place]:
        for odd in ({}, {name: None}, {name: [None]}):
            told = {**facts, place: {key: facts[place][key] for key in facts[place] if key != name} | odd}
            rows = list(assumptions.rows(told["extension"], told["function"], second=True))
            assert len(assumptions.text(rows)) == len(assumptions.ASSUMPTIONS)
            assert sum(holds is False for _, _, holds in rows) <= 2


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        ("  /var/lang/bin/java -Xshare:auto -cp AWSLambda", True),
        ("  java -XX:AOTCache=/var/lang/lib/runtime.aot AWSLambda", False),
        ("-XX:AOTMode=on  java AWSLambda", False),
        ("-XX:AOTMode=off  java -XX:AOTCache=/c AWSLambda", True),
        ("-XX:AOTMode=off  java -XX:AOTMode=on AWSLambda", False),
    ],
)
def test_whether_java_uses_an_aot_cache(assumptions, options, holds):
    assert assumptions.of_java(options)[2] is holds


def test_the_wrapper_tells_the_options_of_java_alone():
    def told(*words):
        done = subprocess.run(
            ["sh", str(PARTS / "wrapper"), *words],
            env={"PATH": os.environ["PATH"], "JAVA_TOOL_OPTIONS": "-Da=b"},
            capture_output=True,
            text=True,
            check=True,
        )
        return [line for line in done.stdout.splitlines() if "java options" in line]

    assert told("env", "echo", "python3") == []
    assert told("env", "echo", "java", "-Xs") == ["aftercall-probe java options: -Da=b  env echo java -Xs"]


def test_interpreters_are_those_of_the_wrapper(assumptions):
    wrapper = (Path(__file__).parents[3] / "runtime_wrappers" / "wrapper").read_text()
    assert "python | python3 | python3.[0-9] | python3.[0-9][0-9]) " in wrapper
    assert "node | nodejs) " in wrapper
    for name, known in {
        "python": 1,
        "python3.14": 1,
        "node": 1,
        "nodejs": 1,
        "java": 1,
        "ruby": 0,
        "python2": 0,
    }.items():
        assert bool(assumptions.RECOGNISED.match(f"/var/lang/bin/{name}")) is bool(known), name


def test_the_zips_are_written_with_what_to_do(aftercall, tmp_path):
    result = aftercall("probe", "--out", tmp_path / "probe")
    assert (result.status, "aws lambda create-function" in result.out) == (0, True)
    assert (tmp_path / "probe" / "layer.zip").read_bytes() == probe.layer_zip()
    assert "give --out FOLDER to write the probe, or --role ARN" in aftercall("probe").err


def test_in_an_account_everything_is_made_asked_and_removed(service, aftercall, monkeypatch, assumptions):
    monkeypatch.setattr(probe, "_PAUSE_SECONDS", 0)
    rows = assumptions.rows(EXTENSION, {**FUNCTION, "client_hookable": False}, second=True)
    service.invocations["aftercall-probe-python3-13"] = ({"lines": assumptions.text(rows)}, "")
    service.invocations["aftercall-probe-java21"] = (
        {"errorType": "ClassNotFoundException"},
        "aftercall-probe argv: /var/lang/bin/java none\naftercall-probe java options: java -XX:AOTCache=/c none\n",
    )
    role = "arn:aws:iam::123456789012:role/function"
    result = aftercall("probe", "--role", role, "--runtime", "python3.13", "--runtime", "java21")
    assert "holds          the runtime is started after every extension has registered" in result.out
    assert "argv: /var/lang/bin/java none" in result.out
    assert result.out.count("DOES NOT HOLD  the JVM takes an agent: no AOT cache is in use: -XX:AOTCache=/c") == 1
    assert result.out.count("DOES NOT HOLD  the runtime client is where the hooks expect it") == 1
    assert result.status == 1
    assert service.count("POST", "/invocations") == 4
    assert service.configurations() == {}
    assert service.client().list_layers()["Layers"] == []


ODD = {
    "nothing": b"",
    "not JSON": b"<html>Bad gateway</html>",
    "not text": b"\xff\xfe\x00",
    "a list": b"[1]",
    "lines that are not a list": b'{"lines": 7}',
    "no lines": b'{"lines": []}',
    "an error": b'{"errorType": "Runtime.ExitError"}',
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_is_told_and_the_next_runtime_asked(service, aftercall, monkeypatch, name):
    monkeypatch.setattr(probe, "_PAUSE_SECONDS", 0)
    service.invocations["aftercall-probe-python3-13"] = (ODD[name], "\x1b]0;owned\x07")
    service.invocations["aftercall-probe-python3-12"] = ({"lines": ["holds          all \x1b[2J", 7]}, "")
    role = "arn:aws:iam::123456789012:role/function"
    result = aftercall("probe", "--role", role, "--runtime", "python3.13", "--runtime", "python3.12")
    assert (result.status, result.err) == (1, "")
    assert "  DOES NOT HOLD  the probe runs: " in result.out
    assert "python3.12:\n  holds          all \\x1b[2J\n  7\n" in result.out
    assert service.configurations() == {}


def test_what_cannot_be_removed_is_named(service, aftercall, monkeypatch):
    monkeypatch.setattr(probe, "_PAUSE_SECONDS", 0)
    service.invocations["aftercall-probe-python3-13"] = ({"lines": ["holds"]}, "")
    service.refuse("DELETE", "/functions/aftercall-probe-python3-13", 403, "AccessDeniedException", "no")
    result = aftercall("probe", "--role", "arn:aws:iam::123456789012:role/function", "--runtime", "python3.13")
    assert (result.status, "remove aftercall-probe-python3-13 by hand" in result.err) == (0, True)
    assert service.client().list_layers()["Layers"] == []


def test_a_probe_that_fails_is_removed_too(service, aftercall, monkeypatch):
    monkeypatch.setattr(probe, "_PAUSE_SECONDS", 0)
    service.refuse("POST", "/invocations", 403, "AccessDeniedException", "no")
    result = aftercall("probe", "--role", "arn:aws:iam::123456789012:role/function", "--runtime", "python3.13")
    assert "DOES NOT HOLD  the probe runs: aftercall-probe-python3-13: your credentials may not do Invoke" in result.out
    assert "allow lambda:InvokeFunction" in result.out
    assert service.configurations() == {}
