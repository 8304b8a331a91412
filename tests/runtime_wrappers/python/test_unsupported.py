"""A Python that we do not watch: the function runs as without us, and one line says why nothing is seen."""

from __future__ import annotations

import sys

import pytest

from build_spec import pythons
from tests.pythons import unpacked

PROGRAM = """from __future__ import print_function
import os, sys
print(sys.argv[1:], sys.version_info[0], __name__, __file__, "_aftercall" in sys.modules)
print(open("/proc/self/cmdline").read().split("\\0")[1:])
sys.exit(3)
"""
# What a Python of that kind shows before anything of it could be loaded: set by a sitecustomize, in a real start.
PRETENDED = {
    "free-threaded": ("sys.abiflags = 't'", "a free-threaded Python is not supported"),
    "free-threaded-debug": ("sys.abiflags = 'td'", "a free-threaded Python is not supported"),
    "3.15": ("sys.version_info = (3, 15, 0, 'final', 0)", "Python 3.15 is not supported"),
    "3.8": ("sys.version_info = (3, 8, 20, 'final', 0)", "Python 3.8 is not supported"),
    "4.0": ("sys.version_info = (4, 0, 0, 'final', 0)", "Python 4.0 is not supported"),
    "pypy": ("sys.implementation.name = 'pypy'", "pypy is not supported"),
}


def runs_untouched(runner, python, reason, **environment):
    program = str(runner.script(PROGRAM, "program.py"))
    for arguments in ([program, "a"], ["-B", program], ["-m", "program", "b"]):
        watched = runner.command(python, *arguments, env=runner.environment(**environment))
        plain = runner.command(python, *arguments, env=runner.environment(**environment), wrapped=False)
        assert (watched.stdout, watched.returncode) == (plain.stdout, plain.returncode)
        assert plain.returncode == 3
        assert watched.stderr == f"aftercall: this function is not watched: {reason}\n"
    quiet = runner.command(python, program, env=runner.environment(AFTERCALL_LOG_LEVEL="off", **environment))
    assert (quiet.stderr, quiet.returncode) == ("", 3)


# One can always be had; of the others, those of this machine.
OLDER = {"3.7": ""} | {version: found[0] for version in ("2.7", "3.6", "3.8") if (found := pythons._in_pyenv(version))}


@pytest.mark.parametrize("version", OLDER)
def test_an_older_python_is_not_watched(runner, version):
    reason = "Python 2 is not supported" if version == "2.7" else f"Python {version} is not supported"
    runs_untouched(runner, OLDER[version] or str(unpacked(version) / "bin" / f"python{version}"), reason)


@pytest.mark.parametrize("kind", PRETENDED)
def test_what_does_not_load_ours_is_known_before_it_is_tried(runner, python, kind):
    line, reason = PRETENDED[kind]
    customised = runner.folder / "site"
    customised.mkdir()
    (customised / "sitecustomize.py").write_text(f"import sys\n{line}\n")
    runs_untouched(runner, python, reason, PYTHONPATH=str(customised))
    for segment in runner.spool.glob("*.segment"):
        assert reason.encode() in segment.read_bytes()
    assert len(list(runner.spool.glob("*.segment"))) == 4


def test_an_audit_hook_sees_no_import_of_the_native_part(runner):
    customised = runner.folder / "site"
    customised.mkdir()
    (customised / "sitecustomize.py").write_text(
        "import sys\nsys.abiflags = 't'\n"
        "sys.addaudithook(lambda event, args: event == 'import' and '_native' in str(args) and print('loaded', args))\n"
    )
    ran = runner.run(sys.executable, "print('runs')", PYTHONPATH=str(customised))
    assert ran.stdout == "runs\n"


def test_the_extension_can_read_it_whatever_the_umask(runner):
    customised = runner.folder / "site"
    customised.mkdir()
    (customised / "sitecustomize.py").write_text("import os, sys\nsys.abiflags = 't'\nos.umask(0o777)\n")
    runner.run(sys.executable, "print('runs')", PYTHONPATH=str(customised))
    (segment,) = runner.spool.glob("*.segment")
    assert segment.stat().st_mode & 0o777 == 0o600
