"""The wrapper scripts: what they make of argv, and that they leave the environment alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from .conftest import SOURCE

SHELLS = [command for command in (["sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(command[0])]
# Says how it was called, in place of an interpreter or a wrapper.
ECHO = '#!/bin/sh\nprintf \'%s\\n\' "$0" "$@"\n'


@pytest.fixture(params=SHELLS, ids="-".join)
def shell(request):
    return request.param


@pytest.fixture
def layer(tmp_path):
    """The scripts as they lie in the layer, with an interpreter of each name that prints its argv."""
    shutil.copy(SOURCE / "wrapper", tmp_path)
    (tmp_path / "python").mkdir()
    shutil.copy(SOURCE / "python" / "wrapper", tmp_path / "python")
    (tmp_path / "python" / "start.py").touch()
    (tmp_path / "bin").mkdir()
    for name in ("python3.12", "python3", "node", "java", "ruby"):
        executable(tmp_path / "bin" / name)
    return tmp_path


def executable(path, text=ECHO):
    path.write_text(text)
    path.chmod(0o755)
    return path


def run(shell, script, *argv, **environment):
    kept = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [*shell, script, *argv], env={**kept, **environment}, capture_output=True, text=True, check=True
    )


def rewritten(layer, shell, options, script="wrapper", name="python3.12"):
    interpreter = str(layer / "bin" / name)
    words = run(shell, layer / script, interpreter, *options).stdout.splitlines()
    assert words[0] == interpreter
    return ["START" if word == f"{layer}/python/start.py" else word for word in words[1:]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("bootstrap.py", "START bootstrap.py"),
        ("bootstrap.py -u -X x", "START bootstrap.py -u -X x"),
        ("-u bootstrap.py", "-u START bootstrap.py"),
        ("-X foo bootstrap.py", "-X foo START bootstrap.py"),
        ("-Xfoo -W ignore -Werror b.py", "-Xfoo -W ignore -Werror START b.py"),
        ("-bb -OO -IEs b.py", "-bb -OO -IEs START b.py"),
        ("--check-hash-based-pycs never b.py", "--check-hash-based-pycs never START b.py"),
        ("-m awslambdaric app.handler", "START -m awslambdaric app.handler"),
        ("-mawslambdaric app.handler", "START -mawslambdaric app.handler"),
        ("-I -m awslambdaric app.handler", "-I START -m awslambdaric app.handler"),
        ("-- bootstrap.py", "-- START bootstrap.py"),
        # Not a script and not a module, or not understood: as it came.
        ("-c pass", "-c pass"),
        ("-Ic pass", "-Ic pass"),
        ("-", "-"),
        ("-i b.py", "-i b.py"),
        ("-x b.py", "-x b.py"),
        ("-um module", "-um module"),
        ("--version", "--version"),
        ("", ""),
        ("-u", "-u"),
        ("START b.py", "START b.py"),
    ],
)
def test_start_comes_before_the_script(layer, shell, before, after):
    options = [f"{layer}/python/start.py" if word == "START" else word for word in before.split()]
    assert rewritten(layer, shell, options) == after.split()
    assert rewritten(layer, shell, options, script="python/wrapper") == after.split()


def test_words_stay_whole(layer, shell):
    words = ["b.py", "", "a b", "*", "$HOME", "'\"\\"]
    assert rewritten(layer, shell, words) == ["START", *words]


@pytest.mark.parametrize("name", ["node", "java", "ruby"])
def test_runtimes_without_a_wrapper_pass_through(layer, shell, name):
    assert rewritten(layer, shell, ["x.js"], name=name) == ["x.js"]


# A value may be a path, and look like another interpreter; a folder of the interpreter may hold an `=`.
ASSIGNMENTS = [["A=1"], ["A=/a/b"], ["A=/a/ruby", "B="], ["A=/bin/node", "B=python3"]]


@pytest.mark.parametrize("assigned", ASSIGNMENTS, ids=" ".join)
@pytest.mark.parametrize("env", ["env", "/usr/bin/env"])
@pytest.mark.parametrize("interpreter", ["/anywhere", "/any=where"])
@pytest.mark.parametrize(("name", "folder"), [("node", "nodejs"), ("java", "java"), ("python3", "python")])
def test_the_interpreter_picks_the_wrapper(layer, shell, name, folder, interpreter, env, assigned):
    (layer / folder).mkdir(exist_ok=True)
    executable(layer / folder / "wrapper")
    given = [env, *assigned, f"{interpreter}/{name}", "x"]
    assert run(shell, layer / "wrapper", *given).stdout.splitlines() == [f"{layer}/{folder}/wrapper", *given]


@pytest.mark.parametrize("assigned", ASSIGNMENTS, ids=" ".join)
def test_env_before_the_interpreter(layer, shell, assigned):
    words = run(shell, layer / "wrapper", "/usr/bin/env", *assigned, layer / "bin" / "python3", "b.py")
    assert words.stdout.splitlines()[1:] == [f"{layer}/python/start.py", "b.py"]


@pytest.mark.parametrize("assigned", ASSIGNMENTS, ids=" ".join)
def test_env_before_node(layer, shell, assigned):
    (layer / "nodejs").mkdir(exist_ok=True)
    shutil.copy(SOURCE / "nodejs" / "wrapper", layer / "nodejs")
    (layer / "nodejs" / "preload.js").touch()
    words = run(shell, layer / "nodejs" / "wrapper", "/usr/bin/env", *assigned, layer / "bin" / "node", "x.js")
    assert words.stdout.splitlines()[1:] == [f"--require={layer}/nodejs/preload.js", "x.js"]


@pytest.mark.parametrize("value", ["true", "1"])
def test_disabled(layer, shell, value):
    words = run(
        shell, layer / "wrapper", layer / "bin" / "python3", "b.py", AFTERCALL_DISABLED=value
    ).stdout.splitlines()
    assert words[1:] == ["b.py"]


def test_a_layer_without_start_passes_through(layer, shell):
    (layer / "python" / "start.py").unlink()
    assert rewritten(layer, shell, ["b.py"]) == ["b.py"]


def test_the_next_wrapper_gets_the_interpreter_first(layer, shell):
    chained = executable(layer / "theirs", '#!/bin/sh\necho theirs\nexec "$@"\n')
    done = run(shell, layer / "wrapper", layer / "bin" / "python3", "b.py", AFTERCALL_NEXT_WRAPPER=str(chained))
    assert done.stdout.splitlines() == ["theirs", f"{layer}/bin/python3", f"{layer}/python/start.py", "b.py"]
    done = run(shell, layer / "wrapper", layer / "bin" / "ruby", "b.rb", AFTERCALL_NEXT_WRAPPER=str(chained))
    assert done.stdout.splitlines() == ["theirs", f"{layer}/bin/ruby", "b.rb"]


@pytest.mark.parametrize("name", ["python3", "ruby"])
def test_a_next_wrapper_that_cannot_run_is_named_and_left_out(layer, shell, name):
    (layer / "theirs").write_text(ECHO)
    done = run(shell, layer / "wrapper", layer / "bin" / name, "b", AFTERCALL_NEXT_WRAPPER=str(layer / "theirs"))
    assert done.stdout.splitlines()[-1] == "b"
    assert (
        done.stderr
        == f"aftercall: AFTERCALL_NEXT_WRAPPER={layer}/theirs is not an executable file; going on without it\n"
    )


@pytest.mark.parametrize("own", ["wrapper", "python/wrapper"])
def test_naming_ourselves_as_the_next_wrapper_does_not_go_round(layer, shell, own):
    done = run(shell, layer / "wrapper", layer / "bin" / "python3", "b.py", AFTERCALL_NEXT_WRAPPER=str(layer / own))
    assert done.stdout.splitlines() == [f"{layer}/bin/python3", f"{layer}/python/start.py", "b.py"]


def test_the_environment_is_not_changed(layer, shell):
    printer = executable(
        layer / "bin" / "python3.13", "#!/usr/bin/python3\nimport json, os; print(json.dumps(dict(os.environ)))"
    )
    # A shell adds PWD, OLDPWD, SHLVL and _; Lambda's own bootstrap is a shell script and has done so before.
    names = {"PWD": str(layer), "SHLVL": "1", "_": str(printer), "word": "mine", "at": "mine", "here": "mine"}
    before = {"PATH": os.environ["PATH"], **names}
    done = subprocess.run(
        [*shell, layer / "wrapper", printer, "b.py"], env=before, capture_output=True, text=True, check=True, cwd=layer
    )
    after = json.loads(done.stdout)
    for name in ("SHLVL", "_", "OLDPWD", "LC_CTYPE"):
        after.pop(name, None)
        before.pop(name, None)
    assert after == before
