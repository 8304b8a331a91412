"""The modules that are compiled by mypyc: what it is given, and when it is asked."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
import textwrap

import pytest

from build_spec import compiled_modules, compiled_sources
from build_spec.compiled_modules import MODULES

SOURCE = '''"""What it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = frozenset("a b".split())
_known: dict[str, int] = {}
Value = int | str
"""A type."""
_TWICE = 1
_TWICE += 1
_LEAST, _MOST = 1, 0x20
_name = "x"
ä, _SIGN = "ä", {"ä": "ä"}


class Part:
    """Of it."""

    KIND = "part"

    def of(self, _name: str) -> Value:
        """Return
        a value.
        """
        _name = _name.strip()
        return "ä", _known  # the same column
'''


def test_constants_are_told_and_all_lines_stay_where_they_are() -> None:
    written = compiled_sources.prepared(SOURCE, "part")
    lines = written.split("\n")
    assert len(lines) == len(SOURCE.split("\n"))
    assert lines[:2] == ["TYPE_CHECKING = False", "if TYPE_CHECKING: from typing import Final"]
    changed = {new for new, old in zip(lines[2:], SOURCE.split("\n")[2:], strict=True) if new != old}
    assert changed == {
        "",
        '_WORDS: Final = frozenset("a b".split())',
        "_known: Final[dict[str, int]] = {}",
        "_LEAST: Final = 1; _MOST: Final = 32",
        "pass",
        "    pass",
        "        pass",
    }
    ast.parse(written)


def test_every_module_is_the_same_program_but_for_what_types_and_docstrings_say() -> None:
    for path in (compiled_modules.SOURCES / "aftercall" / "masking").glob("by_*.py"):
        source = path.read_text()
        written = compiled_sources.prepared(source, path.stem)
        assert len(written.split("\n")) == len(source.split("\n"))
        calls = [sum(isinstance(node, ast.Call) for node in ast.walk(ast.parse(text))) for text in (source, written)]
        assert calls[0] == calls[1]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('"""A."""\n\nx = b"a"[slice(0, 1)]\n', r"part:3: mypyc takes a slice object for a number"),
        ("x = 1\n", r"part: a docstring is needed in the first line"),
        ('"""A."""\nx = 1\n', r"an empty line behind it"),
    ],
)
def test_what_would_come_out_wrong_is_refused(source: str, said: str) -> None:
    with pytest.raises(compiled_sources.SourceError, match=said):
        compiled_sources.prepared(source, "part")


ASKED = """class Outlet:
    def __init__(self):
        self._job = None

    def begin(self, job):
        self._job = job

    def take(self):
        self._job = None

    def wait(self):
{}
"""


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("while self._job is not None:\n    self.take()\n    if self._job:\n        beat()", 14),
        ("while self._job is not None:\n    show(self._job)\n    self.take()", 13),
        ("while self._job is not None and left():\n    show(self._job)\n    self.take()", 13),
        ("if self._job:\n    self.take()\n    show(self._job)", 14),
        ("if not self._job:\n    return\nself.take()\nshow(self._job)", 15),
        ("if self._job is None:\n    raise ValueError\nself.take()\nshow(self._job)", 15),
        ("if self._job:\n    show(self._job)\n    self.take()", 0),
        ("while self._job is None:\n    self.take()", 0),
        ("job = self._job\nif job is not None:\n    self.take()\n    show(job)", 0),
        ("if self._job is None:\n    return\nshow(self._job)", 0),
    ],
)
def test_what_was_asked_of_an_attribute_is_not_believed_behind_a_call(lines: str, line: int) -> None:
    source = '"""A."""\n\n' + ASKED.format(textwrap.indent(lines, " " * 8))
    if not line:
        assert compiled_sources.prepared(source, "part")
        return
    with pytest.raises(compiled_sources.SourceError, match=rf"part:{line + 2}: self._job is asked, .*take it into a"):
        compiled_sources.prepared(source, "part")


def test_what_they_import_counts_as_a_source_and_what_they_do_not_is_none() -> None:
    found = {str(path.relative_to(compiled_modules.SOURCES)) for path in compiled_modules.sources()}
    assert {"aftercall/masking/by_name.py", "aftercall/pipeline/record.py", "aftercall/masking/__init__.py"} <= found
    assert not {"aftercall/extension/__main__.py", "aftercall/command/__main__.py"} & found


def test_no_class_inherits_across_the_border() -> None:
    """An interpreted class cannot inherit from a compiled one, nor the other way round: importing it would fail.

    The command is never run with compiled modules.
    """
    across = []
    for path in (compiled_modules.SOURCES / "aftercall").rglob("*.py"):
        name = ".".join(path.relative_to(compiled_modules.SOURCES).with_suffix("").parts)
        tree = ast.parse(path.read_text())
        origins = {
            alias.asname or alias.name: node.module or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        bases = [base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
        of_ours = {origins.get(base.id, "") for base in bases if isinstance(base, ast.Name)}
        across += [
            f"{name}: {origin}"
            for origin in of_ours
            if origin.startswith("aftercall")
            and not name.startswith("aftercall.command")
            and (origin in MODULES) != (name in MODULES)
        ]
    assert across == []


def test_nothing_is_compiled_again_when_nothing_changed() -> None:
    python = compiled_modules.ROOT / ".cache" / "mypyc" / "bin" / "python"
    library = compiled_modules.ROOT / ".cache" / "compiled" / compiled_modules.LIBRARY
    made = []
    for _ in range(2):
        subprocess.run([str(python), "-m", "build_spec.compiled_modules"], check=True, cwd=compiled_modules.ROOT)
        made.append(library.stat().st_mtime_ns)
    assert made[0] == made[1]


def test_a_broken_cache_is_no_library(tmp_path) -> None:
    library, made_of = tmp_path / "library", tmp_path / "made_of"
    assert not compiled_modules.is_whole(library, made_of, "digest")
    library.write_bytes(b"code")
    assert not compiled_modules.is_whole(library, made_of, "digest")
    made_of.write_text("digest" + hashlib.sha256(b"code").hexdigest())
    assert compiled_modules.is_whole(library, made_of, "digest")
    assert not compiled_modules.is_whole(library, made_of, "other")
    for damaged in (b"", b"digest", b"\xff\0"):
        made_of.write_bytes(damaged)
        assert not compiled_modules.is_whole(library, made_of, "digest")


def test_no_compiled_module_asks_for_typing() -> None:
    generated = (compiled_modules.ROOT / ".cache" / "compiled" / "c").glob("*.[ch]")
    assert [path.name for path in generated if b"typing" in path.read_bytes()] == []


def test_a_missing_compiler_is_named(tmp_path) -> None:
    python = compiled_modules.ROOT / ".cache" / "mypyc" / "bin" / "python"
    run = [str(python), "-m", "build_spec.compiled_modules", "--cache", str(tmp_path)]
    ended = subprocess.run(
        run, check=False, cwd=compiled_modules.ROOT, env={"CC": "no-such-compiler"}, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert "no-such-compiler" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "compiled" / compiled_modules.LIBRARY).exists()


def test_a_module_that_does_not_compile_is_named(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "aftercall").mkdir()
    (tmp_path / "aftercall" / "part.py").write_text("x = 1\ndef f(:\n")
    monkeypatch.setattr(compiled_modules, "SOURCES", tmp_path)
    monkeypatch.setattr(sys, "argv", ["compiled_modules", "--cache", str(tmp_path)])
    assert compiled_modules.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("compiled modules: ")
    assert said.endswith("part.py:2: invalid syntax; mend it and build again\n")


def test_the_list_is_read_without_mypyc() -> None:
    """PyInstaller's environment has none."""
    code = "import sys, build_spec.compiled_modules\nprint(*(name for name in sys.modules if 'mypy' in name))"
    said = subprocess.run([sys.executable, "-c", code], check=True, cwd=compiled_modules.ROOT, capture_output=True)
    assert said.stdout == b"\n"
