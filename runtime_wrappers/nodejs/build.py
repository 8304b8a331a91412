"""Builds the Node.js wrapper as it lies in the layer: the same code in few files.

python runtime_wrappers/nodejs/build.py --out FOLDER

To find, read and compile a file takes Node.js most of a millisecond, so what is loaded together becomes one file:
each of its modules a function that returns its exports, called when it is first required. What a function may never
need (LAZY) stays out of the file that each start reads, and is compiled when it is first required; what several of
those need is in shared.js. preload.js and not_watched.js stay apart, since old Nodes must be able to read them.

native/mapping.c becomes mapping.node beside them: one file for every Node.js, glibc and musl. CC and CFLAGS are
honoured.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from build_spec import extension_module

HERE = Path(__file__).resolve().parent
BUNDLES = ("preload.js", "install.js", "not_watched.js")
"""Each with all that it requires, but for the other two and what is LAZY."""
LAZY = {
    "hooks/http.js": "http.js",
    "hooks/undici.js": "undici.js",
    "hooks/http2.js": "http2.js",
    "calls.js": "shared.js",
}
"""Modules that install.js requires when something of theirs happens -> the file that has them with all they require."""
SHARED = "shared.js"

REQUIRE = re.compile(r"require\('(\.{1,2}/[^']+)'\)")
EXPORTS = re.compile(r"^module\.exports = ", re.MULTILINE)
COMMENT = re.compile(r"^ *(?:/\*\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
HEAD = "'use strict';\n// Made by build.py of aftercall's sources.\n\n"
# What require() does beside this takes as long: it looks for the file's real path and for a package.json above it.
#
# What is bundled runs in a realm of its own: whatever a user puts into Array.prototype, Map or Math, we never call. Of
# the user's realm it has what is handed in here. Its own globals are taken once: to look for one there takes long.
BUNDLE_LOADER = """
function bundled(file) {
  const filename = `${__dirname}/${file}`;
  const module = { exports: {} };
  const code = require('fs').readFileSync(filename, 'utf8');
  const { compileFunction, createContext } = require('vm');
  const parsingContext = createContext();
  const given = { process, Buffer, Error, Promise, URL };
  const names = Object.keys(given);
  const values = Object.values(given);
  const compile = (text, parameters, filename) => {
    const own = `'use strict'; const { ${OWN_GLOBALS} } = globalThis;`;
    const compiled = compileFunction(own + text, [...names, ...parameters], { filename, parsingContext });
    return compiled.bind(undefined, ...values);
  };
  compile(code, ['require', 'module', '__dirname', 'compile'], filename)(require, module, __dirname, compile);
  return module.exports;
}
const OWN_GLOBALS =
  'Array, Atomics, Boolean, FinalizationRegistry, Int32Array, JSON, Map, Math, Number, Object, Proxy, Reflect, ' +
  'RegExp, Set, String, Symbol, Uint8Array, Uint32Array, WeakMap, WeakSet, WebAssembly, parseInt';
"""
LOADER = """
const loaded = new Map();
function load(name) {
  if (!loaded.has(name)) loaded.set(name, modules[name]());
  return loaded.get(name);
}
"""
# Not by require(): what a user has hung into it, or looks for in its cache, must not meet our files or what they need.
LAZY_LOADER = """
const loaded = new Map();
const { readFileSync } = require('fs'); // as they were at the start
const { _load } = require('module');
const builtin = (name) => _load(name, null, false);
function load(name) {
  if (!loaded.has(name)) {
    if (modules[name] === undefined) {
      const filename = `${__dirname}/${files[name]}`;
      const compiled = compile(readFileSync(filename, 'utf8'), ['require', 'load'], filename);
      Object.assign(modules, compiled(builtin, load));
    }
    loaded.set(name, modules[name]());
  }
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
        found += [one for one in dict.fromkeys(targets) if one not in found and one not in (*BUNDLES, *LAZY)]
    return found


def code(name: str) -> str:
    """A file's text, whose requires of other files of ours are calls of load()."""

    def replaced(match: re.Match[str]) -> str:
        file = target(name, match[1])
        return f"bundled('{file}')" if file in BUNDLES else f"load('{file}')"

    return REQUIRE.sub(replaced, COMMENT.sub("", (HERE / name).read_text().removeprefix("'use strict';\n")))


def as_function(name: str) -> str:
    """In brackets, by which V8 knows that it is called at once, and does not go through it twice."""
    text = code(name)
    if len(EXPORTS.findall(text)) != 1:
        raise SystemExit(f"runtime_wrappers/nodejs/{name}: one `module.exports =` is needed, at the end")
    return f"'{name}': (function () {{\n{EXPORTS.sub('return ', text)}}}),\n"


def modules(names: list[str]) -> str:
    return "".join(map(as_function, names))


def bundle(name: str) -> str:
    others = required_by(name)[1:]
    if not others:
        return HEAD + code(name)
    files, loader = "", LOADER
    if any(target(name, required) in LAZY for required in REQUIRE.findall((HERE / name).read_text())):
        entries = (f"'{module}': '{file}',\n" for file, names in lazy_files(others).items() for module in names)
        files, loader = f"const files = {{\n{''.join(entries)}}};\n", LAZY_LOADER
    text = code(name)
    if "bundled('" in text:
        loader += BUNDLE_LOADER
    return f"{HEAD}const modules = {{\n{modules(others)}}};\n{files}{loader}\n{text}"


def lazy_files(there: list[str]) -> dict[str, list[str]]:
    """File -> its modules, without those that are `there` already."""
    needed = {root: [one for one in required_by(root) if one not in there] for root in LAZY}
    count = Counter(module for names in needed.values() for module in names)
    found: dict[str, list[str]] = {file: [] for file in LAZY.values()}
    for root, names in needed.items():
        for module in names:
            file = LAZY[root] if count[module] == 1 else SHARED
            if module not in found[file]:
                found[file].append(module)
    return found


def build_mapping(target: Path) -> None:
    native = HERE / "native"
    extension_module.compile_addon(target, [native / "mapping.c"], folder=HERE, headers=native)
    target.chmod(0o755)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the wrapper")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name in BUNDLES:
        (out / name).write_text(bundle(name))
    for file, names in lazy_files(required_by("install.js")[1:]).items():
        (out / file).write_text(f"{HEAD}return {{\n{modules(names)}}};\n")
    shutil.copy2(HERE / "wrapper", out / "wrapper")
    try:
        build_mapping(out / "mapping.node")
    except extension_module.CompileError as error:
        sys.exit(f"runtime_wrappers/nodejs: {error}")


if __name__ == "__main__":
    main()
