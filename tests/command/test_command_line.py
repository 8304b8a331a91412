"""What is the same for all subcommands: help, suggestions, completion, and endpoints that do not answer."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import subprocess
import sys

import click
import pytest
from rich.console import Console

from aftercall.command import cli
from aftercall.command.lambda_service import access, layer_version, plan, show
from aftercall.command.lambda_service.function import Function

COMMANDS = cli.aftercall.list_commands(click.Context(cli.aftercall))
LAYER = "arn:aws:lambda:eu-central-1:123456789012:layer:aftercall:7"


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS)], ids=str)
def test_help_is_whole_at_80_columns(aftercall, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "80")
    shown = aftercall(*words, "--help").out
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    assert [line for line in shown.splitlines() if line.endswith("...") and not line.startswith("Usage")] == []
    assert "Exit status" in shown or not words


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["atach"], "aftercall: no command 'atach': did you mean `aftercall attach`?"),
        (["zzz"], "aftercall: no command 'zzz': there are publish, attach, detach, status, run, check, probe"),
        (["attach", "--prefx", "a"], "--prefix"),
    ],
)
def test_what_is_spelt_wrong_is_answered_with_what_is_near(aftercall, words, line):
    result = aftercall(*words)
    assert (result.status, line in result.err) == (2, True), result.err
    assert result.err.count("\n") == 1


def complete(*words):
    asked = {"_AFTERCALL_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    command = [sys.executable, "-c", "from aftercall.command.__main__ import main; main()"]
    done = subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def test_the_shell_completes_commands_options_and_files():
    assert complete("aftercall", "att") == ["plain,attach"]
    assert complete("aftercall", "attach", "--skip") == ["plain,--skip-refused"]
    assert complete("aftercall", "run", "--event", "ev") == ["file,ev"]


def connections(listening):
    """How many were made, and not accepted yet."""
    listening.setblocking(False)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            listening.accept()[0].close()
            count += 1
    return count


def test_an_endpoint_that_takes_requests_and_does_not_answer(aftercall, monkeypatch):
    monkeypatch.setattr(access, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        result = aftercall("status")
        assert connections(silent) == 2
    assert result.status == 1
    assert "took the request and does not answer: run the same command again later" in result.err
    assert result.err.count("\n") == 1


def shown(print_, width=80):
    written = io.StringIO()
    out = Console(file=written, width=width, force_terminal=True, color_system=None, highlight=False)
    print_(out)
    return written.getvalue().splitlines()


def test_the_plan_is_readable_at_80_columns():
    version = layer_version.LayerVersion(LAYER, 7, ("x86_64",), "aftercall")
    layers = layer_version.Layers({"x86_64": version}, layer_version.names_of(()))
    names = ["orders", "x" * 30, "payments-of-the-european-shop"]
    snap = {"ApplyOn": "PublishedVersions"}
    told = [{"FunctionName": name, "FunctionArn": name, "Runtime": "java8.al2", "SnapStart": snap} for name in names]
    settings = {"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE": "/opt/ca.pem"}
    decisions = [plan.attach(Function.of(one), layers, settings=settings) for one in told]
    lines = shown(lambda out: show.plan(out, decisions, "eu-central-1"))
    assert [line for line in lines if len(line) > 80] == []
    for whole in (*names, "java8.al2 x86_64", "add version 7", "+ OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE"):
        assert any(whole in line for line in lines), whole


def test_with_json_stdout_is_json_alone(service, aftercall):
    service.publish("aftercall")
    service.create("orders")
    service.create("image", None)
    attached = aftercall("attach", "--all", "--yes", "--json")
    document = json.loads(attached.out)
    orders, image = sorted(document["functions"], key=lambda row: row["decision"])
    assert (orders["decision"], orders["outcome"], orders["set"]) == ("change", "done", ["AWS_LAMBDA_EXEC_WRAPPER"])
    assert (image["decision"], image["outcome"], image["reason"][:24]) == ("refuse", None, "it is a container image,")
    assert (attached.status, "1 to change, 0 as they should be, 1 refused" in attached.err) == (3, True)
    undone = json.loads(aftercall("detach", "--undo", document["undo_file"], "--yes", "--json").out)
    assert [row["removed"] for row in undone["functions"]] == [["AWS_LAMBDA_EXEC_WRAPPER"]]
    assert json.loads(aftercall("detach", "--undo", "--yes", "--json").out)["functions"] == []


def test_a_terminal_is_shown_that_aws_is_asked(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(show, "console", lambda **_: Console(file=written, force_terminal=True, color_system=None))
    with show.waiting("looking at the functions in eu-central-1"):
        pass
    assert "looking at the functions in eu-central-1" in written.getvalue()


def test_a_file_gets_no_spinner(capsys):
    with show.waiting("looking at the functions in eu-central-1"):
        pass
    assert capsys.readouterr() == ("", "")
