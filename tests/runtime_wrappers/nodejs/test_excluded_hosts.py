"""The table of hosts whose bodies are never written, against the Node.js wrapper's own rules."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from . import parts

TABLE = Path(__file__).parents[2] / "masking" / "excluded_hosts.json"
SCRIPT = """
const { ALL, CaptureRules, HEAD_ONLY, NOTHING } = require(process.argv[2] + '/capture_rules.js');
const { cases, environment } = JSON.parse(require('fs').readFileSync(process.argv[1]));
const names = new Map([[ALL, 'all'], [HEAD_ONLY, 'excluded'], [NOTHING, 'nothing']]);
const rules = new CaptureRules(environment);
console.log(JSON.stringify(cases.map(({ host, port }) => names.get(rules.of(host, port)))));
"""


def test_bodies_of_excluded_hosts_are_not_written(node: str) -> None:
    command = [node, "-e", SCRIPT, str(TABLE), str(parts.SOURCES)]
    found = json.loads(subprocess.run(command, check=True, timeout=60, capture_output=True).stdout)
    cases = json.loads(TABLE.read_text())["cases"]
    got = [{**case, "bodies": bodies} for case, bodies in zip(cases, found, strict=True)]
    assert got == cases
