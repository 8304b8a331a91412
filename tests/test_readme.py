"""The README against the code: its tables of variables and limits are made from the code's own."""

from pathlib import Path

import pytest

from aftercall.pipeline.limit import LIMITS
from aftercall.settings import VARIABLES

README = Path(__file__).parents[1] / "README.md"
WRITES = "`python -m tests.test_readme` writes this table"


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


TABLES = {"variables": variables, "limits": limits}


def parts(name: str, text: str) -> tuple[str, str, str]:
    """Before the table of this name and with its first line, the table, and from its last line on."""
    begin, end = f"<!-- {name}: {WRITES} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    inside, _, after = rest.partition(end)
    return before + begin, inside.strip(), end + after


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_those_of_the_code(name: str) -> None:
    assert parts(name, README.read_text())[1] == TABLES[name]()


def test_every_path_that_the_readme_names_is_there() -> None:
    for folder in ("runtime_wrappers", "launcher", "build_spec", "src/aftercall/sandbox", "tests/tools/demo"):
        assert folder in README.read_text()
        assert (README.parent / folder).is_dir()


if __name__ == "__main__":
    for name, table in TABLES.items():
        before, _, after = parts(name, README.read_text())
        README.write_text(f"{before}\n\n{table()}\n\n{after}")
