"""`aftercall probe`: asks Lambda itself what aftercall assumes of it, by a function and a layer made for that."""

from __future__ import annotations

import base64
import io
import json
import os
import time
import zipfile
from typing import TYPE_CHECKING, Any

import click

from aftercall.command import options
from aftercall.command.lambda_service import runtimes, show
from aftercall.command.lambda_service.access import Access, AwsError
from aftercall.command.probe import flow as flow_of_messages
from aftercall.command.probe.parts import assumptions
from aftercall.command.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = os.path.join(os.path.dirname(__file__), "parts")
_EXTENSION = ("extension.py", "kernel.py")
_HANDLERS = {"python": "app.handler", "nodejs": "index.handler"}
_DEFAULT_RUNTIMES = ("python3.13", "python3.11", "nodejs22.x", "java21", "java25")
_FLOW_RUNTIME = "python3.13"
_FAILED = "DOES NOT HOLD"
_JAVA_OPTIONS = "aftercall-probe java options: "
_PAUSE_SECONDS = 3.0
"""Between invocations, so that a freeze is seen."""
_READY_SECONDS = 120.0
_EPILOG = """
\b
Examples:
  aftercall probe --out probe          the two zips, and what to do with them
  aftercall probe --role arn:aws:iam::123456789012:role/basic
  aftercall probe --role ARN --architecture arm64 --runtime python3.12
  aftercall probe --role ARN --flow    which services pass traces and ids on

With --role it makes one function for each runtime and one layer version, all
named aftercall-probe, calls each function twice and removes everything. The
role needs AWSLambdaBasicExecutionRole alone. Cost: a few hundredths of a cent.

Python functions tell all; others tell the runtime's command line and the files
of its client (lines of their log), and Java's whether an AOT cache is in use.

With --flow it makes a queue, a topic, a rule, a bucket and a function, sends
a message by each service and removes everything. The role must also allow
sqs:SendMessage, sns:Publish, events:PutEvents, s3:PutObject and
lambda:InvokeFunction.

\b
Exit status:
  0  every assumption holds
  1  one does not, or could not be asked
  2  wrong usage
"""


@click.command(epilog=_EPILOG, short_help="Ask Lambda itself whether what aftercall relies on holds.")
@options.account
@click.option("--role", metavar="ARN", help="Run the probe in your account, with this role.")
@click.option("--out", type=click.Path(), metavar="FOLDER", help="Write the zips and run nothing.")
@click.option(
    "--runtime",
    "chosen",
    multiple=True,
    metavar="NAME",
    help=f"What to ask.  [{', '.join(_DEFAULT_RUNTIMES)}; repeatable]",
)
@click.option(
    "--architecture",
    type=click.Choice(["x86_64", "arm64"]),
    default="x86_64",
    show_default=True,
    help="Of the functions and the layer.",
)
@click.option(
    "--memory", type=click.IntRange(128, 10_240), default=512, show_default=True, metavar="MB", help="Of each function."
)
@click.option("--flow", is_flag=True, help="Ask through which services traces and ids arrive instead.")
def probe(
    *,
    region: str | None,
    profile: str | None,
    role: str | None,
    out: str | None,
    chosen: tuple[str, ...],
    architecture: str,
    memory: int,
    flow: bool,
) -> int:
    """Ask Lambda itself whether what aftercall relies on holds: a line for each assumption."""
    if flow and (out is not None or chosen):
        raise click.UsageError(
            "--flow asks by a Python function in your account: give --role, and neither --out nor --runtime"
        )
    if (role is None) == (out is None):
        raise click.UsageError("give --out FOLDER to write the probe, or --role ARN to run it in your account")
    if out is not None:
        return _write(out)
    access = Access.of(region, profile)
    client = access.client("lambda")
    settings = {"Role": role, "Architectures": [architecture], "MemorySize": memory, "Timeout": 30}
    if flow:
        return 0 if _told_of_flow(access, client, settings) else 1
    held = [_probe(client, runtime, settings) for runtime in chosen or _DEFAULT_RUNTIMES]
    return 0 if all(held) else 1


def function_zip() -> bytes:
    return _zip({name: name for name in ("app.py", "assumptions.py", "kernel.py", "index.mjs", "wrapper")})


def layer_zip() -> bytes:
    return _zip({"extensions/aftercall-probe": "extension", **{f"aftercall-probe/{name}": name for name in _EXTENSION}})


def _zip(files: dict[str, str]) -> bytes:
    """`files`: name in the zip -> part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.items():
            entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100755 << 16
            with open(os.path.join(_PARTS, part), "rb") as file:
                archive.writestr(entry, file.read())
    return buffer.getvalue()


def _write(folder: str) -> int:
    try:
        os.makedirs(folder, exist_ok=True)
        for name, content in (("function.zip", function_zip()), ("layer.zip", layer_zip())):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
    except OSError as error:
        raise click.UsageError(f"--out {folder!r} cannot be written ({error.strerror}): name another folder") from None
    click.echo(f"""{folder}/function.zip and {folder}/layer.zip are written. In your account:

    aws lambda publish-layer-version --layer-name aftercall-probe --zip-file fileb://{folder}/layer.zip
    aws lambda create-function --function-name aftercall-probe --runtime python3.13 --handler app.handler \\
        --timeout 30 --memory-size 512 --role ROLE --zip-file fileb://{folder}/function.zip --layers LAYER_ARN \\
        --environment 'Variables={{AWS_LAMBDA_EXEC_WRAPPER=/var/task/wrapper}}'
    aws lambda invoke --function-name aftercall-probe /dev/stdout    (twice, some seconds apart)

Functions of other runtimes take no layer: the lines `aftercall-probe` of their log are what they tell.""")
    return 0


def _probe(client: Any, runtime: str, settings: dict[str, Any]) -> bool:
    """One function, made, called twice and removed. True when every assumption holds."""
    click.echo(f"{runtime}:")
    try:
        lines = _asked(client, runtime, settings)
    except AwsError as error:
        if error.ends_all:
            raise
        lines = [f"{_FAILED}  the probe runs: {error.format_message()}"]
    for line in lines:
        click.echo(f"  {printable(line)}")
    return not any(line.startswith(_FAILED) for line in lines)


def _asked(client: Any, runtime: str, settings: dict[str, Any]) -> list[str]:
    """The lines of the function's answer and log. Whatever happens, what was made is removed."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    name = "aftercall-probe-" + runtime.replace(".", "-")
    family = runtimes.watched(runtime).family or ""
    made: list[tuple[str, dict[str, Any]]] = []
    try:
        if family == "python":
            layer = client.publish_layer_version(LayerName="aftercall-probe", Content={"ZipFile": layer_zip()})
            version = {"LayerName": "aftercall-probe", "VersionNumber": layer["Version"]}
            made.append(("delete_layer_version", version))
            settings = {**settings, "Layers": [layer["LayerVersionArn"]]}
        client.create_function(
            FunctionName=name,
            Runtime=runtime,
            Handler=_HANDLERS.get(family, "none"),
            Code={"ZipFile": function_zip()},
            Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrapper"}},
            **settings,
        )
        made.append(("delete_function", {"FunctionName": name}))
        with show.waiting(f"{runtime}: asking {name} twice"):
            _until_active(client, name)
            _invoke(client, name)
            time.sleep(_PAUSE_SECONDS)
            return list(_told(*_invoke(client, name), judged=family == "python"))
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, name) from None
    finally:
        for removal, what in reversed(made):
            _remove(client, removal, what)


def _told_of_flow(access: Access, client: Any, settings: dict[str, Any]) -> bool:
    """Ask, remove what was made, and tell. True when every assumption holds."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    made: list[tuple[Any, str, dict[str, Any]]] = []
    try:
        with show.waiting("a queue, a topic, a rule, a bucket and a function are made, asked and removed"):
            found = list(flow_of_messages.rows(*_asked_of_flow(access, client, settings, made)))
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, "aftercall-probe") from None
    finally:
        for service, removal, what in reversed(made):
            _remove(service, removal, what)
    for line in assumptions.text(found):  # type: ignore[no-untyped-call] # as old as Python 3.9
        click.echo(printable(line))
    return all(holds for _, _, holds in found)


def _asked_of_flow(
    access: Access, client: Any, settings: dict[str, Any], made: list[tuple[Any, str, dict[str, Any]]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The function's answer, and the messages that came into the queue."""
    services = flow_of_messages.Services(access, made)
    client.create_function(
        FunctionName=services.name,
        Runtime=_FLOW_RUNTIME,
        Handler="sends.handler",
        Code={"ZipFile": _zip({"sends.py": "sends.py"})},
        TracingConfig={"Mode": "PassThrough"},
        **settings,
    )
    made.append((client, "delete_function", {"FunctionName": services.name}))
    _until_active(client, services.name)
    payload = client.invoke(FunctionName=services.name, Payload=json.dumps(services.event))["Payload"].read()
    answer = json.loads(payload)
    sent = answer.get("sent") if isinstance(answer, dict) else None
    if not isinstance(sent, dict):
        raise click.ClickException(f"the probe's function failed: {printable(payload.decode(errors='replace'))}")
    awaited = sum("id" in one for service, one in sent.items() if service != "Lambda")
    return answer, services.received(awaited)


def _remove(client: Any, removal: str, what: dict[str, Any]) -> None:
    """Every other thing is removed too where one cannot be."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    try:
        getattr(client, removal)(**what)
    except (BotoCoreError, ClientError) as error:
        subject = " ".join(map(str, what.values()))
        click.echo(f"aftercall probe: {AwsError(error, subject).format_message()}; remove {subject} by hand", err=True)


def _until_active(client: Any, name: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while client.get_function_configuration(FunctionName=name).get("State") == "Pending":
        if time.monotonic() > deadline:
            raise click.ClickException(
                f"{name} is still not active after {_READY_SECONDS:.0f} s: run the probe again later"
            )
        time.sleep(1)


def _invoke(client: Any, name: str) -> tuple[bytes, str]:
    """The answer and the last 4 KB of the log."""
    answer = client.invoke(FunctionName=name, LogType="Tail")
    try:
        log = base64.b64decode(answer.get("LogResult") or "").decode(errors="replace")
    except ValueError:
        log = ""
    return answer["Payload"].read(), log


def _told(payload: bytes, log: str, *, judged: bool) -> Iterator[str]:
    lines = _lines(payload)
    if lines:
        yield from lines
    elif judged:
        yield f"{_FAILED}  the probe runs: {payload.decode(errors='replace') or 'it answered nothing'}"
    for line in log.splitlines():
        if line.startswith(_JAVA_OPTIONS):
            row = assumptions.of_java(line.removeprefix(_JAVA_OPTIONS))  # type: ignore[no-untyped-call] # as old as Python 3.9
            yield from assumptions.text([row])  # type: ignore[no-untyped-call]
        elif line.startswith("aftercall-probe "):
            yield line.removeprefix("aftercall-probe ")


def _lines(payload: bytes) -> list[str]:
    """The lines of the probe's answer; an empty list where something else answered."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return []
    lines = answer.get("lines") if isinstance(answer, dict) else None
    return [str(line) for line in lines] if isinstance(lines, list) else []
