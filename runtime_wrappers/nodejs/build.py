"""Builds the Node.js wrapper as it lies in the layer: the same code in few files.

python runtime_wrappers/nodejs/build.py --out FOLDER

To find, read and compile a file takes Node.js most of a millisecond, so what is loaded together becomes one file:
each of its modules a function that returns its exports, called when it is first required. preload.js and not_watched.js
stay apart, since old Nodes must be able to read them.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUNDLES = ("preload.js", "install.js", "not_watched.js")
"""Each with all that it requires, but for the other two."""

REQUIRE = re.compile(r"require\('(\.{1,2}/[^']+)'\)")
EXPORTS = re.compile(r"^module\.exports = ", re.MULTILINE)
HEAD = "'use strict';\n// Made by build.py of aftercall's sources.\n\n"
LOADER = """
const loaded = new Map();
function load(name) {
  if (!loaded.has(name)) loaded.set(name, modules[name]());
  return loaded.get(name);
}
"""


def target(name: str, required: str) -> str:
    """The file, below this folder, that `required` means in the file `name`."""
    path = (HERE / name).parent / f"{required}.js"
    return str(path.resolve().relative_to(HERE))


def required_by(name: str) -> list[str]:
    """Every file that goes into this bundle, itself first."""
    found = [name]
    for file in found:
        targets = [target(file, required) for required in REQUIRE.findall((HERE / file).read_text())]
        found += [one for one in dict.fromkeys(targets) if one not in found and one not in BUNDLES]
    return found


def code(name: str) -> str:
    """A file's text, whose requires of other files of ours are calls of load()."""

    def replaced(match: re.Match[str]) -> str:
        file = target(name, match[1])
        return f"require('./{file.removesuffix('.js')}')" if file in BUNDLES else f"load('{file}')"

    return REQUIRE.sub(replaced, (HERE / name).read_text().removeprefix("'use strict';\n"))


def as_function(name: str) -> str:
    text = code(name)
    if len(EXPORTS.findall(text)) != 1:
        raise SystemExit(f"runtime_wrappers/nodejs/{name}: one `module.exports =` is needed, at the end")
    return f"'{name}'() {{\n{EXPORTS.sub('return ', text)}}},\n"


def bundle(name: str) -> str:
    others = required_by(name)[1:]
    if not others:
        return HEAD + code(name)
    modules = "".join(map(as_function, others))
    return f"{HEAD}const modules = {{\n{modules}}};\n{LOADER}\n{code(name)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the wrapper")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name in BUNDLES:
        (out / name).write_text(bundle(name))
    shutil.copy2(HERE / "wrapper", out / "wrapper")


if __name__ == "__main__":
    main()
