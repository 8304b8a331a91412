"""The README against the code: its table of variables is made from the settings' own table."""

from pathlib import Path

from aftercall.extension.settings import VARIABLES

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- variables: `python -m tests.test_readme` writes this table -->", "<!-- end of variables -->"


def table() -> str:
    rows = ["| variable | default | |", "|---|---|---|"]
    for variable in VARIABLES:
        names = ", ".join(f"`{name}`" for name in reversed(variable.names))
        default = "" if variable.default in (None, "", ()) else f"`{str(variable.default).lower()}`"
        rows.append(f"| {names} | {default} | {variable.help} |")
    return "\n".join(rows)


def parts() -> tuple[str, str, str]:
    before, _, rest = README.read_text().partition(BEGIN)
    inside, _, after = rest.partition(END)
    return before, inside.strip(), after


def test_the_table_of_variables_is_that_of_the_code() -> None:
    assert parts()[1] == table()


def test_every_path_that_the_readme_names_is_there() -> None:
    for folder in ("runtime_wrappers", "launcher", "build_spec", "src/aftercall/sandbox", "tests/demo"):
        assert folder in README.read_text()
        assert (README.parent / folder).is_dir()


if __name__ == "__main__":
    before, _, after = parts()
    README.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}")
