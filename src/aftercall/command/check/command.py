"""`aftercall check`: what of an event, a body or a recorded spool would leave, and what is masked by which rule."""

from __future__ import annotations

from functools import partial

import click
from rich.console import Console

from aftercall import settings
from aftercall.command import variables
from aftercall.command.check import inputs as check_inputs
from aftercall.command.check import report
from aftercall.command.check.leaks import leaked
from aftercall.masking.rules import LEVELS
from aftercall.settings.masking_rules import masking_rules

_EPILOG = """
\b
Examples:
  aftercall check event.json
  aftercall check --as request --env-file function.env body.txt
  aftercall check /tmp/aftercall
  aftercall check event.json --secret env:DB_PASSWORD --secret @token.txt

Given secrets are never printed.

\b
Exit status:
  0  no given secret would leave
  1  one would
  2  wrong usage, or a rule that cannot be read
"""


@click.command(epilog=_EPILOG, short_help="Show what would leave, and what is masked by which rule.")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(), metavar="FILE|FOLDER|-...")
@click.option(
    "--as",
    "place",
    type=click.Choice(check_inputs.PLACES),
    default="event",
    show_default=True,
    help="What a text is: an invocation's event, response or error, or the body of a call.",
)
@click.option("--level", type=click.Choice(LEVELS), help="As AFTERCALL_MASKING.")
@click.option("--rules", "rules_file", type=click.Path(), metavar="FILE", help="As AFTERCALL_MASKING_FILE.")
@click.option("--env", "assignments", multiple=True, metavar="K=V", help="A variable of the function.  [repeatable]")
@click.option("--env-file", type=click.Path(), metavar="FILE", help="Variables of the function, K=V lines.")
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="env:NAME|@FILE|VALUE",
    help="Must not leave, in any coding. A VALUE would stay in the shell's history.  [repeatable]",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each invocation.")
def check(
    *,
    inputs: tuple[str, ...],
    place: str,
    level: str | None,
    rules_file: str | None,
    assignments: tuple[str, ...],
    env_file: str | None,
    secrets: tuple[str, ...],
    as_json: bool,
) -> int:
    """Show what would leave the environment, what would be masked, and by which rule.

    Of a name that could be a secret's and whose value would leave, it says why the value is taken for none.

    Inputs are texts (an event, a body), or spools as the layer writes them (a segment, or a folder of them). The rules
    are those of the function: of --env and --env-file, of --rules, and of its secret variables. Nothing is sent.
    """
    environment = variables.read(assignments, env_file)
    variables.warn_of_unknown("check", environment)
    environment.update({"AFTERCALL_MASKING": level} if level else {})
    environment.update({"AFTERCALL_MASKING_FILE": check_inputs.absolute(rules_file)} if rules_file else {})
    chosen, complaints = settings.read(environment)
    environment.setdefault("LAMBDA_TASK_ROOT", "/nonexistent")  # a rules file here is not the function's
    rules = masking_rules(chosen, environment, complaints)
    show = report.as_json if as_json else partial(report.for_people, Console(highlight=False, soft_wrap=True))
    for complaint in complaints:
        click.echo(f"aftercall check: {complaint}", err=True)
    wanted = check_inputs.read_secrets(secrets)
    found = 0
    for name in inputs:
        for invocation in check_inputs.invocations(name, place, chosen):
            looked_at = report.look(name, invocation, rules, chosen)
            leaks = _leaks(looked_at.sent, wanted)
            found += len(leaks)
            show(looked_at, leaks)
    return 1 if found else 2 if rules.withheld else 0


def _leaks(sent: dict[str, str], wanted: list[check_inputs.Secret]) -> dict[str, list[str]]:
    """The secrets of which a piece can be read in what an exporter would send, each with those exporters."""
    leaks = {
        secret.name: [exporter for exporter, text in sent.items() if leaked(text, secret.pieces)] for secret in wanted
    }
    return {name: exporters for name, exporters in leaks.items() if exporters}
