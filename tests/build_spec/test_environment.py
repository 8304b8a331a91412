"""What the build says when the machine lacks something."""

import shutil
import subprocess
import sys
import sysconfig

import pytest

from build_spec import environment


def test_nothing_is_missing_here() -> None:
    assert list(environment.missing_prerequisites()) == []


def test_an_old_python_ends_in_one_sentence_with_the_remedy(monkeypatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    (sentence,) = environment.missing_prerequisites()
    assert "3.11 or newer" in sentence
    assert "is 3.9" in sentence
    assert "make PYTHON=" in sentence


@pytest.mark.parametrize(
    ("tool", "remedy"),
    [("cc", "build-essential"), ("objcopy", "binutils"), ("objdump", "binutils"), ("ldd", "libc-bin")],
)
def test_a_missing_tool_is_named_with_the_command_that_installs_it(monkeypatch, tool: str, remedy: str) -> None:
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == tool else which(name))
    monkeypatch.delenv("CC", raising=False)
    (sentence,) = environment.missing_prerequisites()
    assert tool in sentence
    assert f"apt-get install {remedy}" in sentence


def test_a_static_libpython_is_named(monkeypatch) -> None:
    get = sysconfig.get_config_var
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: 0 if name == "Py_ENABLE_SHARED" else get(name))
    (sentence,) = environment.missing_prerequisites()
    assert "shared libpython" in sentence
    assert "libpython3-dev" in sentence


def test_missing_headers_are_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    (sentence,) = environment.missing_prerequisites()
    assert "Python.h" in sentence
    assert str(tmp_path) in sentence


def test_a_registry_that_cannot_be_reached_is_one_line(tmp_path) -> None:
    script = (
        "import sys; from build_spec import environment as e; e.CACHE = sys.argv[1]\n"
        "sys.argv[1:] = ['freeze']; sys.exit(e.main())"
    )
    unreachable = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": "/dev/null",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env=unreachable,
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "could not be made" in done.stderr.splitlines()[-1]
    assert "registry" in done.stderr.splitlines()[-1]


def test_a_checkout_below_a_folder_with_a_space_is_named(monkeypatch) -> None:
    monkeypatch.setattr(environment, "ROOT", "/home/ann/my projects/aftercall")
    (sentence,) = environment.missing_prerequisites()
    assert "'/home/ann/my projects/aftercall'" in sentence
    assert "without spaces" in sentence
