"""`aftercall run` as its user meets it: a process, its output and its exit status."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile

import pytest

from aftercall import __version__

PRINTS = "def handler(event, context):\n    print('saw', event)\n    return {'n': event.get('n', 0) + 1}\n"


@pytest.fixture
def command(make_function, tmp_path):
    def run(*arguments, function=PRINTS, given="", **settings):
        return subprocess.run(
            [sys.executable, "-m", "aftercall.command", *map(str, arguments)],
            cwd=make_function(function),
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **settings,
        )

    return run


def test_version_and_help(command):
    assert command("--version").stdout == f"aftercall, version {__version__}\n"
    assert "Examples:" in command("run", "--help").stdout
    bare = command()
    assert (bare.returncode, "Commands:" in bare.stdout + bare.stderr) == (2, True)


def test_events_from_everywhere_and_repeated(command, tmp_path):
    event = tmp_path / "event.json"
    event.write_text('{"n": 1}')
    arguments = ["--event", event, "--event", "-", "--event", '{"n": 3}', "--repeat", 2]
    result = command("run", "--handler", "app.handler", "--json", *arguments, given='{"n": 2}')
    assert result.returncode == 0, result.stderr
    records = [json.loads(line) for line in result.stdout.splitlines()]
    invocations = [record for record in records if record["type"] == "invocation"]
    assert [record["response"]["n"] for record in invocations] == [2, 3, 4, 2, 3, 4]
    assert [record["number"] for record in invocations] == [1, 2, 3, 4, 5, 6]
    assert [record["init_ms"] is None for record in invocations] == [False, True, True, True, True, True]
    logs = [record["text"] for record in records if record["type"] == "log"]
    assert logs[:2] == ["saw {'n': 1}", "saw {'n': 2}"]


def test_output_for_people(command, make_layer, plain_extension):
    layer = make_layer(watcher=plain_extension)
    result = command("run", "--handler", "app.handler", "--event", '{"n": 1}', "--layer", layer)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert "function | saw {'n': 1}" in lines
    assert any(line.startswith('extension watcher | {"eventType": "INVOKE"') for line in lines)
    assert 'response: {"n": 2}' in lines
    assert any(line.startswith("success: answered after") and "billed" in line for line in lines)


def test_a_failing_function_is_status_1(command):
    result = command("run", "--handler", "app.handler", function="def handler(event, context):\n    return 1 / 0\n")
    assert result.returncode == 1
    assert "error (ZeroDivisionError)" in result.stdout


def test_a_missing_handler_is_told_in_the_clients_words(command):
    result = command("run", "--handler", "app.nothing")
    assert result.returncode == 1
    assert "Handler 'nothing' missing on module 'app'" in result.stdout


def test_variables(command, tmp_path):
    file = tmp_path / "variables"
    file.write_text("# comment\n\nA=1\nB=2=3\n")
    function = "import os\ndef handler(event, context):\n    return [os.environ.get(name) for name in 'ABC']\n"
    result = command(
        "run", "--handler", "app.handler", "--env-file", file, "--env", "A=9", "--env", "C=", function=function
    )
    assert 'response: ["9", "2=3", ""]' in result.stdout


def test_another_runtimes_command(command, make_function):
    program = make_function() / "bootstrap"
    program.write_text("#!/bin/sh\necho started as $0 with $1; exit 7\n")
    program.chmod(0o755)
    result = command("run", "--handler", "x", "--runtime-command", "./bootstrap 'one argument'")
    assert result.returncode == 1
    assert "function | started as ./bootstrap with one argument" in result.stdout
    assert "Runtime.ExitError" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--event", "none.json"], "event 'none.json' cannot be read (No such file or directory)"),
        (["--event", "."], "event '.' cannot be read (Is a directory)"),
        (["--event", "app.py"], "event 'app.py' is not JSON"),
        (["--event", "{oops"], "event on the command line is not JSON"),
        (["--event", "-"], "event on standard input is not JSON"),
        (["--layer", "none.zip"], "layer 'none.zip' does not exist"),
        (["--layer", "app.py"], "layer 'app.py' is not a zip archive"),
        (["--layer", "empty.zip"], "no extension in 'empty.zip'"),
        (["--task-root", "none"], "task root 'none' is not a folder"),
        (["--python", "none"], "--python 'none' does not start"),
        (["--runtime-command", "'"], "--runtime-command"),
        (["--runtime-command", " "], "--runtime-command is empty"),
        (["--env", "NOVALUE"], "variable 'NOVALUE' has no value"),
        (["--env-file", "none"], "env file 'none' cannot be read"),
        (["--wrapper", "/opt/x", "--no-wrapper"], "--wrapper and --no-wrapper are both given"),
        (["--timeout", "0"], "Invalid value for '--timeout'"),
        (["--port", "70000"], "Invalid value for '--port'"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(command, make_function, arguments, message):
    with zipfile.ZipFile(make_function() / "empty.zip", "w") as archive:
        archive.writestr("python/module.py", "")
    result = command("run", "--handler", "app.handler", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_interpreter_without_the_runtime_client(command, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    interpreter = tmp_path / "bare" / "bin" / "python"
    result = command("run", "--handler", "app.handler", "--python", interpreter)
    assert result.returncode == 2
    assert f"run `{interpreter} -m pip install awslambdaric`" in result.stderr


def test_a_layer_without_an_extension_runs_without_wrapper(command, make_function):
    folder = make_function() / "libraries"
    folder.mkdir()
    (folder / "data").write_text("x")
    function = "def handler(event, context):\n    return open('/opt/data').read()\n"
    arguments = ["--layer", folder, "--no-wrapper", "--isolation", "namespaces"]
    assert 'response: "x"' in command("run", "--handler", "app.handler", *arguments, function=function).stdout


@pytest.mark.parametrize("wanted", [True, False])
def test_the_layers_wrapper_is_used_if_it_has_one(command, make_layer, plain_extension, wanted):
    layer = make_layer(one=plain_extension)
    wrapper = layer / "aftercall" / "wrapper"
    wrapper.parent.mkdir()
    wrapper.write_text('#!/bin/sh\necho wrapped\nexec "$@"\n')
    wrapper.chmod(0o755)
    archive = shutil.make_archive(str(layer), "zip", layer)
    result = command("run", "--handler", "app.handler", "--layer", archive, *([] if wanted else ["--no-wrapper"]))
    assert result.returncode == 0, result.stdout
    assert ("function | wrapped" in result.stdout) is wanted


# A test run in the background of a shell inherits SIGINT ignored.
WITH_SIGINT = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from aftercall.command.__main__ import main
main()
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_leaves_nothing(make_function, tmp_path, number, status):
    function = "import os, time\ndef handler(event, context):\n    print('here', flush=True)\n    time.sleep(600)\n"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", WITH_SIGINT, "run", "--handler", "app.handler", "--timeout", "600"],
        cwd=make_function(function),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "function | here\n"
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == status
    assert "Traceback" not in errors
    assert list(temporary.iterdir()) == []
