"""The caller's `traceparent` in an event: one table shows that extension and wrappers find the same one."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aftercall.pipeline import trace_context

ROOT = Path(__file__).parents[2]
WRAPPERS = ROOT / "runtime_wrappers"
VECTORS = json.loads((ROOT / "tests" / "traceparent_vectors.json").read_text())
EVENTS = [vector["event"] for vector in VECTORS]
SPAN = "53995c3f42cd8ad8"

PYTHON = """
import json, sys, types
package = types.ModuleType("_aftercall")
package.__path__ = [sys.argv[1] + "/python/_aftercall"]
calls = types.ModuleType("_aftercall.calls")
calls.rules = None
sys.modules.update({"_aftercall": package, "_aftercall.calls": calls})
from _aftercall.trace_context import from_event
print(json.dumps([from_event(event.encode()) for event in json.load(sys.stdin)]))
"""
NODE = """
const { traceparent } = require(process.argv[1] + '/nodejs/trace_context.js');
const of = (event) => traceparent({ spanId: '%s', invocation: { id: 'x', event: Buffer.from(event), trace: '' } });
const found = JSON.parse(require('fs').readFileSync(0)).map((event) => of(event) || null);
console.log(JSON.stringify(found.map((header) => header && [header.split('-')[1], header.split('-')[3]])));
"""
JAVA = """
package aftercall.agent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Scanner;
public class Vectors {
    public static void main(String[] none) {
        Scanner lines = new Scanner(System.in);
        while (lines.hasNextLine()) {
            byte[] event = Base64.getDecoder().decode(lines.nextLine());
            System.out.println(new Traceparent("x", "", event).of("53995c3f42cd8ad8"));
        }
    }
}
"""


def by_extension(_folder: Path) -> list[Any]:
    found = [trace_context.from_event(event.encode()) for event in EVENTS]
    return [[one.trace_id, "01" if one.sampled else "00"] if one else None for one in found]


def by_python(_folder: Path) -> list[Any]:
    return run([sys.executable, "-c", PYTHON, str(WRAPPERS)])


def by_node(_folder: Path) -> list[Any]:
    node = shutil.which("node") or newest(".cache/nodejs", "bin/node")
    return run([node, "-e", NODE.replace("%s", SPAN), str(WRAPPERS)])


def by_java(folder: Path) -> list[Any]:
    javac = shutil.which("javac") or newest(".cache", "bin/javac")
    (folder / "Vectors.java").write_text(JAVA)
    source = WRAPPERS / "java" / "agent" / "aftercall" / "agent" / "Traceparent.java"
    subprocess.run([javac, "-d", str(folder), str(source), str(folder / "Vectors.java")], check=True)
    events = "\n".join(base64_of(event) for event in EVENTS)
    java = str(Path(javac).resolve().with_name("java"))
    command = [java, "-cp", str(folder), "aftercall.agent.Vectors"]
    lines = subprocess.run(command, input=events, capture_output=True, text=True, check=True).stdout.split()
    return [None if line == "null" else line.split("-")[1::2] for line in lines]


def base64_of(event: str) -> str:
    import base64

    return base64.b64encode(event.encode()).decode()


def run(command: list[str]) -> list[Any]:
    done = subprocess.run(command, input=json.dumps(EVENTS), capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(done.stdout)
    return found


def newest(folder: str, path: str) -> str:
    found = sorted((ROOT / folder).glob(f"**/{path}"))
    if not found:
        pytest.skip(f"no {path} in {folder}: `make environment`")
    return str(found[-1])


FINDERS = {"extension": by_extension, "python": by_python, "nodejs": by_node, "java": by_java}


@pytest.mark.parametrize("finder", FINDERS)
def test_the_same_header_is_found_by_all(finder: str, tmp_path: Path) -> None:
    found = dict(zip((vector["name"] for vector in VECTORS), FINDERS[finder](tmp_path), strict=True))
    assert found == {
        vector["name"]: [vector["trace"], vector["flags"]] if vector["trace"] else None for vector in VECTORS
    }
