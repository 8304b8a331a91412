"""`aftercall run`: a function in the local sandbox, with the layer attached."""

import asyncio
import dataclasses
import shlex
import signal
import sys

import click
from rich.console import Console

from aftercall.command import variables
from aftercall.command.run import inputs
from aftercall.command.run.otlp_receiver import OtlpReceiver
from aftercall.command.run.report import JsonReport, Report, TextReport
from aftercall.command.run.runtime import runtime_of
from aftercall.command.run.trace import roots_of
from aftercall.command.run.waterfall import Waterfall
from aftercall.sandbox import Sandbox, SandboxConfig, SandboxError

_LAYERS_WRAPPER = "/opt/aftercall/wrapper"
_EPILOG = """
\b
Examples:
  aftercall run --handler app.handler --event event.json
  aftercall run --handler app.handler --layer dist/aftercall-layer-x86_64.zip
  aftercall run --handler app.handler --event a.json --event '{"n": 1}' --json
  aftercall run --handler index.handler --task-root shop
      Node.js: shop/index.mjs, with aws-lambda-ric in its node_modules
  aftercall run --handler pkg.App::handle --task-root target/function
      Java: classes in the folder, AWS's runtime client in its lib/
  aftercall run --handler pkg.App --runtime-command 'bin/bootstrap'

\b
Exit status:
  0  every invocation succeeded
  1  one failed
  2  wrong usage
"""


@click.command(epilog=_EPILOG, short_help="Run a function on this machine as Lambda would.")
@click.option("--handler", required=True, help="The function, as in its settings: module.name.")
@click.option(
    "--event",
    "events",
    type=click.Path(),
    multiple=True,
    metavar="FILE|-|JSON",
    help="What the function gets.  [{}; repeatable]",
)
@click.option("--repeat", type=click.IntRange(min=1), default=1, show_default=True, help="Send all events N times.")
@click.option(
    "--layer", "layers", type=click.Path(), multiple=True, metavar="ZIP|FOLDER", help="What /opt holds.  [repeatable]"
)
@click.option(
    "--task-root", type=click.Path(), default=".", show_default=True, metavar="FOLDER", help="The function's code."
)
@click.option("--env", "assignments", multiple=True, metavar="K=V", help="A variable of the function.  [repeatable]")
@click.option("--env-file", type=click.Path(), metavar="FILE", help="Variables of the function, K=V lines.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=3.0, show_default=True, help="In seconds."
)
@click.option(
    "--memory",
    type=click.IntRange(128, 10_240),
    default=128,
    show_default=True,
    help="In MB; reported to the function, not enforced.",
)
@click.option("--function-name", default="function", show_default=True)
@click.option("--python", "interpreter", default=sys.executable, metavar="FILE", help="The interpreter.  [this one]")
@click.option("--node", default="node", metavar="FILE", help="The Node.js of a handler in a .js file.  [on PATH]")
@click.option("--runtime-command", metavar="COMMAND", help="Another runtime client's command line, handler included.")
@click.option("--wrapper", metavar="PATH", help=f"AWS_LAMBDA_EXEC_WRAPPER.  [{_LAYERS_WRAPPER}, if a layer has it]")
@click.option("--no-wrapper", is_flag=True, help="Attach the layer's extension alone.")
@click.option("--no-freeze", is_flag=True, help="Do not stop the processes between invocations.")
@click.option(
    "--isolation",
    type=click.Choice(["auto", "namespaces", "paths"]),
    default="auto",
    show_default=True,
    help="How /opt and /tmp come about: by namespaces of the kernel, or as plain paths where it allows none.",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, help="Where the Runtime API listens, on loopback.  [any]"
)
@click.option("--no-waterfall", is_flag=True, help="Leave the layer's exporter as it is; draw nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; draws nothing.")
def run(
    *,
    handler: str,
    events: tuple[str, ...],
    repeat: int,
    layers: tuple[str, ...],
    task_root: str,
    assignments: tuple[str, ...],
    env_file: str | None,
    timeout: float,
    memory: int,
    function_name: str,
    interpreter: str,
    node: str,
    runtime_command: str | None,
    wrapper: str | None,
    no_wrapper: bool,
    no_freeze: bool,
    isolation: str,
    port: int,
    no_waterfall: bool,
    as_json: bool,
) -> int:
    """Run a function here as Lambda would, with real runtime client, layers and extensions.

    The function and its extensions see a /opt, /tmp and /var/task of their own, and none of your environment variables.
    What the layer sees is drawn as a waterfall for each invocation, unless a variable of the function names an exporter
    or an endpoint.
    """
    environment = variables.read(assignments, env_file)
    variables.warn_of_unknown("run", environment)
    report: Report = JsonReport() if as_json else TextReport()
    command, runtime_name = (
        (_given_command(runtime_command), "")
        if runtime_command is not None
        else runtime_of(handler, task_root, interpreter, node)
    )
    config = SandboxConfig(
        command=command,
        task_root=task_root,
        handler=handler,
        layers=layers,
        environment=environment,
        wrapper=_wrapper(layers, wrapper, no_wrapper=no_wrapper),
        timeout=timeout,
        memory_mb=memory,
        runtime_name=runtime_name,
        function_name=function_name,
        freeze=not no_freeze,
        isolation=isolation,  # type: ignore[arg-type]  # click.Choice gives one of them as str
        api_port=port,
        on_log=report.line,
    )
    payloads = [inputs.read_event(event) for event in events or ("{}",)] * repeat
    try:
        draws = not (as_json or no_waterfall or not layers or any(map(_names_an_exporter, config.environment)))
        all_succeeded = asyncio.run((_invoke_and_draw if draws else _invoke_all)(config, payloads, report))
    except SandboxError as error:
        raise click.UsageError(str(error)) from None
    return 0 if all_succeeded else 1


async def _invoke_all(config: SandboxConfig, payloads: list[bytes], report: Report) -> bool:
    task = asyncio.current_task()
    for signal_number in (signal.SIGTERM, signal.SIGHUP):
        # Like Ctrl-C: leave through the sandbox's exit, so that no process and no mount stays.
        asyncio.get_running_loop().add_signal_handler(signal_number, task.cancel if task is not None else _nothing)
    succeeded = True
    async with Sandbox(config) as sandbox:
        for notice in sandbox.notices:
            report.notice(notice)
        for number, payload in enumerate(payloads, start=1):
            outcome = await sandbox.invoke(payload)
            report.outcome(number, outcome)
            succeeded = succeeded and outcome.status == "success"
    return succeeded


async def _invoke_and_draw(config: SandboxConfig, payloads: list[bytes], report: Report) -> bool:
    async with OtlpReceiver() as receiver:
        exporter = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint}
        config = dataclasses.replace(config, environment={**config.environment, **exporter})
        succeeded = await _invoke_all(config, payloads, report)
        for root in roots_of(receiver.spans()):
            Console().print(Waterfall(root))
    return succeeded


def _names_an_exporter(variable: str) -> bool:
    return variable.startswith("OTEL_EXPORTER_OTLP") or variable in {"AFTERCALL_EXPORTER", "AFTERCALL_JSON_ENDPOINT"}


def _nothing() -> None:
    """No task, nothing to cancel."""


def _given_command(runtime_command: str) -> list[str]:
    try:
        command = shlex.split(runtime_command)
    except ValueError as error:
        raise click.UsageError(f"--runtime-command {runtime_command!r}: {error}: write it as for a shell") from None
    if not command:
        raise click.UsageError("--runtime-command is empty: give the runtime client's command line")
    return command


def _wrapper(layers: tuple[str, ...], wrapper: str | None, *, no_wrapper: bool) -> str | None:
    if wrapper is not None and no_wrapper:
        raise click.UsageError("--wrapper and --no-wrapper are both given: leave one out")
    if no_wrapper or not layers:
        return wrapper
    if not inputs.has_entry(layers, r"extensions/[^/]+"):
        raise click.UsageError(
            f"no extension in {', '.join(map(repr, layers))}: build the layer with `make layer`; "
            "a layer without extensions/ runs with --no-wrapper"
        )
    if wrapper is not None or not inputs.has_entry(layers, _LAYERS_WRAPPER.removeprefix("/opt/")):
        return wrapper
    return _LAYERS_WRAPPER
