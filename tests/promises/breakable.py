"""A copy of the layer whose hooks the function under test can break one at a time. The product has no such door.

What is added at the end of `_aftercall/__init__.py` stands between the hooks and `_native`, from which all of them are
made: each `before` and `after` looks whether its name is in `broken`.
"""

from __future__ import annotations

import subprocess
import sysconfig
import zipfile
from pathlib import Path

from tests.pythons import ROOT

HALVES = Path(__file__).with_name("native_halves.c")

DOOR = """
broken = set()  # places: "<hook> before", "<hook> after"
passed = set()  # those that were passed, broken or not
known = set()  # those that there are


def breakable(name, side, function):
    if function is None:
        return None
    place = name + " " + side
    known.add(place)

    def either(*args, **kwargs):
        passed.add(place)
        if place in broken:
            raise RuntimeError("broken on purpose")
        return function(*args, **kwargs)

    return either


def in_place(before):
    from . import _halves

    def replacing(*given):
        state = before(*given)
        return None if state is None else (state, *_halves.arguments(state))

    return replacing


def stand_between():
    from . import _halves, _native

    Hook = _native.Hook

    def make_hook(name, before, after, *rest):
        if type(before).__name__ == "PyCapsule":
            before, own = _halves.halves(before)
            after = own or after and (lambda state, *rest, after=after: after(_halves.state(state), *rest))
            before = in_place(before) if rest[1] else before
        return Hook(name, breakable(name, "before", before), breakable(name, "after", after), *rest)

    _native.Hook = make_hook


stand_between()
"""


def compile_halves(target: Path) -> None:
    """What takes the hooks that are C apart."""
    includes = [f"-I{ROOT / 'runtime_wrappers/python/native'}", f"-isystem{sysconfig.get_path('include')}"]
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-DPy_LIMITED_API=0x03090000"]
    subprocess.run(["cc", *flags, *includes, str(HALVES), "-o", str(target)], check=True)


def breakable_layer(layer: Path, folder: Path) -> Path:
    """Unpack the layer into `folder` with that door in it, and without the bytecode that would hide it."""
    with zipfile.ZipFile(layer) as archive:
        for member in archive.infolist():
            if member.is_dir() or "__pycache__" in member.filename:
                continue
            path = Path(archive.extract(member, folder))
            path.chmod(member.external_attr >> 16 & 0o777 or 0o644)
    package = folder / "aftercall/python/_aftercall/__init__.py"
    package.write_text(package.read_text() + DOOR)
    compile_halves(package.with_name("_halves.abi3.so"))
    return folder
