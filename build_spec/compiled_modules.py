"""Compiles the modules on the way of an invocation's bodies by mypyc, into one shared library for the frozen file.

Masking an invocation takes some ten thousand calls of small functions: compiled they take three fifths of the time. The
modules stay plain Python, and run interpreted wherever this library is not: in the command, in most tests, and in the
layer when nothing but a log line is wanted, which would wait for the library longer than it is worth.

mypyc would have a shared object for each module besides that of the group. Here compiled_modules.c makes the modules of
the group when they are asked for, so that one library is all.

Run by the python of .cache/mypyc. Nothing is compiled again unless one of these modules, or what they import, changed.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from build_spec.compiled_sources import SourceError, prepared
from build_spec.extension_module import CompileError, compiler, python_headers
from build_spec.frozen import uncompiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src"
OWN = Path(__file__).with_suffix(".c")
GROUP = "aftercall"
LIBRARY = "aftercall_compiled.so"

_HOT = (
    "formats.capability_urls", "formats.text", "formats.urls", "http1.captured", "http1.message", "masking.add_value",
    "masking.at_word", "masking.bare_value", "masking.by_name", "masking.by_partner", "masking.by_phrase",
    "masking.by_place", "masking.by_shape", "masking.by_value", "masking.cookie_names", "masking.cookie_run",
    "masking.cookies", "masking.foreign_names", "masking.layers", "masking.named", "masking.names",
    "masking.own_values", "masking.plain_value", "masking.redact_text", "masking.redact_url", "masking.rules",
    "masking.scanner", "masking.spans", "masking.structure", "masking.tokens", "masking.under_name",
    "masking.url_fields", "masking.value", "masking.word", "masking.words", "pipeline.redact",
    "pipeline.redact_headers",
)  # fmt: skip
"""Compiled for speed, the others for size: each byte of the library is a byte of memory."""

_OTHERS = (
    "exporters.function", "exporters.otlp_calls", "exporters.otlp_json", "exporters.otlp_text",
    "exporters.sentence", "formats.cut_json", "formats.json_fields", "formats.json_text", "formats.times",
    "http1.request", "pipeline.assemble", "pipeline.chain", "pipeline.coded_body", "pipeline.exported",
    "pipeline.facts", "pipeline.from_frames", "pipeline.from_platform", "pipeline.limit", "pipeline.messages",
    "pipeline.model", "pipeline.outcome", "pipeline.processes", "pipeline.recognise", "pipeline.record",
    "pipeline.redact_recognised", "pipeline.trace_context", "pipeline.tries", "recognition.calls",
    "recognition.digest", "recognition.exchange", "recognition.flow", "recognition.operation",
    "recognition.trace_headers", "recognition.trigger", "recognition.url_templates",
)  # fmt: skip
"""What makes one thing of another, and keeps no state that a call in between may change: mypyc believes what was asked
of an attribute (compiled_traps.py refuses what it sees of that). So the loop, its outlets, the spool and the transports
are interpreted.
"""

_INTERPRETED = (
    "__init__", "automaton", "paths", "patterns", "rules_source", "scan", "secret_words", "shown_value",
)  # fmt: skip
"""Of masking: the scan is in C, the user's own rules are seldom, and the others run once or are tables."""

_MASKING = {f"masking.{path.stem}" for path in (SOURCES / "aftercall" / "masking").glob("*.py")}
_LEFT_OUT = {f"masking.{name}" for name in _INTERPRETED}
MODULES = tuple(sorted(f"aftercall.{name}" for name in {*_HOT, *_OTHERS, *_MASKING} - _LEFT_OUT))
_READ = ("aftercall.masking", "aftercall.masking.scan")
"""Not compiled: their constants are, wherever they are used."""

_RUNTIME = (
    "bytearray_extra_ops", "bytes_extra_ops", "bytes_ops", "dict_ops", "exc_ops", "float_ops", "function_wrapper",
    "generic_ops", "getargs", "getargsfast", "init", "int_ops", "list_ops", "locks", "misc_ops", "pythonsupport",
    "set_ops", "str_extra_ops", "str_ops", "tuple_ops",
)  # fmt: skip
"""mypyc's own C files; what no module needs is left out by the linker."""

# The warnings are those of generated code. Sections of their own, so that what is never called can be left out.
_COMPILE = (
    "-std=gnu11", "-fPIC", "-fvisibility=hidden", "-ffunction-sections", "-fdata-sections", "-DNDEBUG", "-w",
    "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-Iruntime", "-I.",
)  # fmt: skip
_FAST, _SMALL = "-O2", "-Os"
_NO_TRACEBACKS = """#include "CPy.h"
#define CPy_AddTraceback(...) ((void)0)
#define CPy_TypeErrorTraceback(file, function, line, globals, expected, value) CPy_TypeError(expected, value)
"""
"""Nobody reads them: the extension says the type of an error at most. They are an eighth of the library."""

_LINK = ("-shared", "-Wl,--build-id=none", "-Wl,-s", "-Wl,-O1", "-Wl,--gc-sections")
_OUR_SLICES = "-DCPyBytes_GetSlice=CPyBytes_GetSlice_of_mypyc"
"""Its own raises SystemError for `data[-1:0]`, which is empty: compiled_modules.c has another."""


def make(cache: Path) -> Path:
    """The library's path in `cache`."""
    build = cache / "compiled"
    library, made_of = build / LIBRARY, build / "made_of"
    digest = _digest()
    if not is_whole(library, made_of, digest):
        shutil.rmtree(build, ignore_errors=True)
        _write_sources(build)
        _generate(build)
        _compile(build, library)
        made_of.write_text(digest + _hash(library.read_bytes()))
    return library


def is_whole(library: Path, made_of: Path, digest: str) -> bool:
    """It was made of what the digest says, to its end, and nothing has changed it since."""
    if not (library.exists() and made_of.exists()):
        return False
    return made_of.read_bytes() == (digest + _hash(library.read_bytes())).encode()


def sources() -> Iterator[Path]:
    """Of the modules, and of what they import: their types are read too."""
    names, known = list(MODULES), set(MODULES)
    while names:
        path = _path(names.pop())
        yield path
        for name in _imported(ast.parse(path.read_bytes())):
            if name not in known and name.startswith("aftercall.") and _path(name).exists():
                known.add(name)
                names.append(name)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _path(name: str) -> Path:
    path = SOURCES / Path(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _digest() -> str:
    """Of all that goes into the library."""
    build = ROOT / "build_spec"
    files = [*sorted(sources()), *sorted(build.glob("compiled_*")), build / "requirements" / "mypyc.txt"]
    variables = "".join(f"{name}={os.environ.get(name)};" for name in ("CC", "CFLAGS"))
    return _hash(b"".join(path.read_bytes() for path in files) + variables.encode() + sys.version.encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write_sources(build: Path) -> None:
    """The package, its modules as mypyc is to see them."""
    others = shutil.ignore_patterns("*.so", "__pycache__", "command", "sandbox")
    shutil.copytree(SOURCES / "aftercall", build / "src" / "aftercall", ignore=others)
    for name in (*MODULES, *_READ):
        target = build / "src" / _path(name).relative_to(SOURCES)
        target.write_text(prepared(target.read_text(), name))


def _generate(build: Path) -> None:
    """C files, in the folder `c`."""
    from mypyc.build import mypyc_build  # noqa: PLC0415 - MODULES and sources() are read without mypyc
    from mypyc.namegen import exported_name  # noqa: PLC0415
    from mypyc.options import CompilerOptions  # noqa: PLC0415

    here, said = Path.cwd(), StringIO()
    os.chdir(build / "src")  # the files' names get into messages
    try:
        files = [str(_path(name).relative_to(SOURCES)) for name in MODULES]
        options = CompilerOptions(target_dir="../c", strip_asserts=True, group_name=GROUP, multi_file=True)
        checks = ["--config-file=", f"--cache-dir={os.devnull}", "--explicit-package-bases", "--ignore-missing-imports"]
        checks.append("--no-sqlite-cache")  # not every Python has it
        with redirect_stdout(said):  # on which it gives its errors; its warnings are of no use
            mypyc_build([*checks, *files], options, always_use_shared_lib=True)
    except SystemExit:
        raise CompileError(said.getvalue()) from None
    finally:
        os.chdir(here)
    table = [f'MODULE("{name}", CPyInit_{exported_name(name)})\n' for name in MODULES]
    (build / "c" / "modules.h").write_text("".join(table))
    shutil.copy(OWN, build / "c")


def _compile(build: Path, library: Path) -> None:
    import mypyc  # noqa: PLC0415 - see above
    from mypyc.namegen import exported_name  # noqa: PLC0415

    _tell_the_compiler(build / "c")
    shutil.copytree(Path(mypyc.__file__).with_name("lib-rt"), build / "c" / "runtime")
    hot = {f"__native_{exported_name('aftercall.' + name)}.c" for name in _HOT}
    generated = [
        (path.name, (_FAST if path.name in hot else _SMALL, "-include", "told.h")) for path in (build / "c").glob("*.c")
    ]
    runtime = [(f"runtime/{name}.c", (_FAST, _OUR_SLICES)) for name in _RUNTIME]
    command = [*compiler(), *_COMPILE, f"-isystem{python_headers()}", *shlex.split(os.environ.get("CFLAGS", ""))]

    def compiled(file: tuple[str, Sequence[str]]) -> str:
        name, more = file
        out = name.replace("/", "-").removesuffix(".c") + ".o"
        _run([*command, *more, "-c", name, "-o", out], build / "c")
        return out

    # The largest first, so that no core waits for it at the end.
    files = sorted([*generated, *runtime], key=lambda file: -(build / "c" / file[0]).stat().st_size)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        objects = sorted(threads.map(compiled, files))
    _run([*compiler(), *_LINK, *objects, "-o", str(library)], build / "c")


def _tell_the_compiler(folder: Path) -> None:
    """The code of a module's own level is a fifth of all: the compiler makes it small and puts it apart."""
    texts = (path.read_text() for path in sorted(folder.glob("__native_*.c")))
    names = [name for text in texts for name in re.findall(r"(?m)^char (CPyDef_\w+_____top_level__)\(void\)", text)]
    declared = "".join(f"char {name}(void) __attribute__((cold));\n" for name in names)
    (folder / "told.h").write_text(_NO_TRACEBACKS + declared)


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise CompileError(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr[-4_000:]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache", help="folder for what can be used again")
    cache = parser.parse_args().cache.resolve()
    if broken := list(uncompiled(SOURCES / "aftercall")):
        print("compiled modules: " + "\n".join(broken), file=sys.stderr)
        return 1
    try:
        make(cache)
    except (CompileError, SourceError) as error:
        print(f"compiled modules: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
