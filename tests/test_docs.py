"""README and docs/ against the code: tables are made from the code's own, and what they name exists."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import click
import pytest

from aftercall.command import cli
from aftercall.exporters.function import USD_PER_GB_SECOND
from aftercall.pipeline.limit import LIMITS
from aftercall.recognition.sources.table import PLAIN, READ, STEP_FUNCTIONS
from aftercall.recognition.trigger import KINDS
from aftercall.settings import VARIABLES

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md")), ROOT / "examples" / "README.md"]
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
WRITES = "`python -m tests.test_docs` writes this table"
CODE = re.compile(r"(?m)`([^`\n]+)`|^ {4}(.+)$")


def variables() -> str:
    rows = ["| variable | default | |", "|---|---|---|"]
    for variable in VARIABLES:
        names = ", ".join(f"`{name}`" for name in reversed(variable.names))
        default = "" if variable.default in (None, "", ()) else f"`{str(variable.default).lower()}`"
        rows.append(f"| {names} | {default} | {variable.help} |")
    return "\n".join(rows)


def limits() -> str:
    rows = ["| of a | what | at most |", "|---|---|---|"]
    rows += [f"| {whole} | {part} | {number:,} {unit} |" for whole, part, number, unit in LIMITS]
    return "\n".join(rows)


def triggers() -> str:
    sources: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for name, kind, *_ in (*READ, *PLAIN, STEP_FUNCTIONS):
        sources[kind][f"`{name}`"] = None
    rows = ["| kind (`faas.trigger`) | sources |", "|---|---|"]
    return "\n".join([*rows, *(f"| `{kind}` | {', '.join(sorted(names))} |" for kind, names in sources.items())])


TABLES = {
    "variables": (DOCS / "variables.md", variables),
    "limits": (DOCS / "delivery.md", limits),
    "triggers": (DOCS / "delivery.md", triggers),
}


def parts(name: str, text: str) -> tuple[str, str, str]:
    """Before the table of this name and with its first line, the table, and from its last line on."""
    begin, end = f"<!-- {name}: {WRITES} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    inside, _, after = rest.partition(end)
    return before + begin, inside.strip(), end + after


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_those_of_the_code(name: str) -> None:
    page, table = TABLES[name]
    assert parts(name, page.read_text())[1] == table()


def test_the_readme_is_read_in_five_minutes() -> None:
    assert 6_000 <= README.stat().st_size <= 8_192


def code_of(page: Path) -> str:
    """What stands in a page as code, a line for each piece."""
    return "\n".join(inline or block for inline, block in CODE.findall(page.read_text()))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text())
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_each_page_of_docs_is_linked_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)", README.read_text()))
    assert linked == {str(page.relative_to(ROOT)) for page in DOCS.glob("*.md")}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_and_options_that_are_named_exist(page: Path) -> None:
    context = click.Context(cli.aftercall)
    for name, rest in re.findall(r"(?m)(?<![\w/.-])aftercall (?=[a-z])([a-z]+)(?![\w.-])([^\n#|;]*)", code_of(page)):
        command = cli.aftercall.get_command(context, name)
        assert command is not None, name
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--[a-z][a-z-]*", rest)) <= options | {"--help"}, (name, rest)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_targets_of_make_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"(?m)^([\w-]+):", (ROOT / "Makefile").read_text()))
    assert set(re.findall(r"\bmake ([a-z][\w-]+)", code_of(page))) <= targets


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_variables_that_are_named_are_read(page: Path) -> None:
    known = {name for variable in VARIABLES for name in variable.names} | {
        # Of the tests, not of the layer.
        "AFTERCALL_MATRIX",
        "AFTERCALL_LAYER",
    }
    named = re.findall(r"\b((?:AFTERCALL|OTEL)_[A-Z_]+[A-Z])\b(?!\*)", code_of(page))
    assert {name for name in named if name != "AFTERCALL_MASKING_"} <= known


def figures() -> dict[str, float]:
    """The bench's table: what was measured -> milliseconds (others are left out)."""
    scale = {"ms": 1.0, "us": 0.001}
    rows = re.findall(r"(?m)^\| ([^|]+) \| ([\d.]+) (ms|us) \|", (DOCS / "costs.md").read_text())
    return {name: float(number) * scale[unit] for name, number, unit in rows}


@pytest.mark.parametrize("exporter", ["log", "OTLP"])
def test_dollars_are_those_of_the_benchs_milliseconds(exporter: str) -> None:
    measured = figures()
    billed = measured["added to an invocation without calls"] + 10 * measured["added to a call of requests"]
    billed += measured[f"function's end to next, {exporter}, 10 calls"]
    price = USD_PER_GB_SECOND["x86_64"]
    # A million invocations of 512 MB; `trip` is 20 ms to the receiver.
    dollars, trip = (milliseconds / 1000 * 0.5 * price * 1e6 for milliseconds in (billed, 20))
    for page in (README, DOCS / "costs.md"):
        text = page.read_text()
        for told in (f"{billed:.1f} ms", f"${dollars:.3f}", f"${price:.10f} per GB-second", f"${trip:.2f}"):
            assert told in text, page


def rows_of(text: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {row[0].partition(",")[0].removeprefix("added to "): row[1:] for row in cells}


def test_the_readmes_figures_stand_in_the_comparison() -> None:
    """`start to register, to first next`: two figures in a cell there, the first of them in the README."""
    comparison = (DOCS / "costs.md").read_text().partition("## Beside the others")[2]
    theirs, ours = rows_of(comparison), rows_of(README.read_text())
    for name in ("extension: memory", "the start of Python", "an invocation of Python"):
        assert ours[name] == theirs[name][:3], name
    assert ours["extension: start to `register`"] == [
        cell.split(",")[0] for cell in theirs["extension: start to `register`"][:3]
    ]
    clients = ("Python's requests", "Node.js's http", "HttpURLConnection")
    calls = zip(*(theirs[f"a call of {client}"][:3] for client in clients), strict=True)
    first = [", ".join(cell.split(", ")[0] for cell in system) for system in calls]
    assert ours["a call of requests"] == first


def test_the_permissions_are_those_that_the_command_uses() -> None:
    (policy,) = re.findall(r"(?ms)^    (\{\"Version\".*?\]\})$", README.read_text())
    folder = ROOT / "src" / "aftercall" / "command"
    used: set[str] = set()
    for file in [*folder.glob("*.py"), *(folder / "lambda_service").glob("*.py")]:
        text = file.read_text()
        used |= set(re.findall(r"client\.((?:get|list|update|publish)_\w+)\(", text))
        used |= set(re.findall(r'get_paginator\("(list_\w+)"\)', text))
    used -= {"get_paginator", "get_caller_identity"}
    actions = {f"lambda:{''.join(map(str.capitalize, name.split('_')))}" for name in used} | {"tag:GetResources"}
    assert set(json.loads(policy)["Statement"][0]["Action"]) == actions


def test_the_query_asks_for_what_the_line_has() -> None:
    text = README.read_text()
    (query,) = re.findall(r"(?m)^    (filter .+)$", text)
    asked = set(re.findall(r"(?<![@\w])[a-z_]+(?=[ ,]| >)", query)) - {"filter", "fields", "sort", "desc", "limit"}
    source = Path(importlib.import_module("aftercall.exporters.log").__file__ or "").read_text()
    assert {name for name in asked if f'"{name}"' not in source} == set()
    assert asked >= {"call_hung", "request_id", "aftercall"}


if __name__ == "__main__":
    for name, (page, table) in TABLES.items():
        before, _, after = parts(name, page.read_text())
        page.write_text(f"{before}\n\n{table()}\n\n{after}")
