"""`aftercall publish`: the layer's zips, as new versions, in one region or several."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from aftercall.command.lambda_service import layer_version, layer_zip, show
from aftercall.command.lambda_service.access import Access, AwsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.command.lambda_service.layer_zip import LayerZip

_REGIONS = 4
"""At once."""
_UPLOAD_SECONDS = 120.0
"""Longest wait for an answer to a zip of 50 MB."""
_EPILOG = """
\b
Examples:
  aftercall publish                    what lies in dist/, in your region
  aftercall publish --region eu-central-1 --region us-east-1
  aftercall publish build/aftercall-layer-arm64.zip --architecture arm64

Nothing is published where the newest version for that architecture has the
same content already: its ARN is printed. The ARNs are all that goes to
stdout, one a line.

\b
Exit status:
  0  each zip is published, or was already
  1  one was refused, or could not be published in one of the regions
  2  wrong usage
"""


class _Published(NamedTuple):
    arn: str
    remark: str


@click.command(epilog=_EPILOG, short_help="Publish the layer's zips as versions of a layer of your account.")
@click.argument("zips", nargs=-1, type=click.Path(), metavar="[ZIP]...")
@click.option(
    "--region", "regions", multiple=True, metavar="REGION", help="Where to publish.  [AWS_REGION; repeatable]"
)
@click.option("--profile", metavar="NAME", help="A profile of your AWS configuration.  [AWS_PROFILE]")
@click.option("--name", default=layer_version.DEFAULT_NAME, show_default=True, help="The layer's name.")
@click.option(
    "--architecture", type=click.Choice(["x86_64", "arm64"]), help="Publish this one alone, and refuse others."
)
def publish(
    *, zips: tuple[str, ...], regions: tuple[str, ...], profile: str | None, name: str, architecture: str | None
) -> int:
    """Publish the layer's zips. Refuses one that would not start on Lambda, or is for another architecture."""
    layers = layer_zip.choose(zips, architecture)
    accesses = [Access.of(region, profile) for region in dict.fromkeys(regions or [None])]
    out = show.console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    failed = False
    with Progress(*columns, console=out, disable=not out.is_terminal) as progress, ThreadPoolExecutor(_REGIONS) as pool:
        for region in pool.map(lambda access: _in_region(access, layers, name, progress), accesses):
            for done in region:
                if isinstance(done, AwsError):
                    failed = True
                    click.echo(f"aftercall publish: {done.format_message()}", err=True)
                else:
                    click.echo(done.remark, err=True)
                    click.echo(done.arn)
    if not failed:
        click.echo("what next: aftercall attach NAME..., or aftercall status", err=True)
    return 1 if failed else 0


def _in_region(access: Access, layers: list[LayerZip], name: str, progress: Progress) -> list[_Published | AwsError]:
    """One after the other: versions are numbered in the order of the zips."""
    done: list[_Published | AwsError] = []
    for layer in layers:
        try:
            done.append(_publish(access, layer, name, progress))
        except AwsError as error:
            done.append(error)
    return done


def _publish(access: Access, layer: LayerZip, name: str, progress: Progress) -> _Published:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    subject = f"{access.region}, {layer.architecture}"
    client = access.client("lambda", answer_seconds=_UPLOAD_SECONDS)
    there = _newest(client, name, layer.architecture)
    if there is not None and there.sha256 == layer.sha256:
        return _Published(there.arn, f"{subject}: version {there.number} has this content already")
    task = progress.add_task(subject, total=None)
    _report_upload(client, lambda sent, total: progress.update(task, completed=sent, total=total))
    try:
        answer = client.publish_layer_version(
            LayerName=name,
            Description=layer.description,
            Content={"ZipFile": layer.content},
            CompatibleArchitectures=[layer.architecture],
            CompatibleRuntimes=layer.compatible_runtimes,
            LicenseInfo="Apache-2.0",
        )
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, subject) from None
    remark = f"{subject}: published version {answer['Version']} (aftercall {layer.version})"
    return _Published(str(answer["LayerVersionArn"]), remark)


def _newest(client: Any, name: str, architecture: str) -> layer_version.LayerVersion | None:
    """With the digest of its content, which only GetLayerVersion returns."""
    for version in layer_version.newest(client, name):
        if architecture in version.architectures:
            return layer_version.read(client, version.arn)
    return None


def _report_upload(client: Any, report: Callable[[int, int], None]) -> None:
    """Hand the request's body out in pieces, so that progress can be shown: (bytes sent, bytes in all)."""

    def before_send(request: Any, **_: Any) -> None:
        request.body = _ReportingBody(bytes(request.body), report)

    client.meta.events.register("before-send.lambda.PublishLayerVersion", before_send)


class _ReportingBody(io.BytesIO):
    def __init__(self, content: bytes, report: Callable[[int, int], None]) -> None:
        super().__init__(content)
        self._total = len(content)
        self._report = report

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self._report(self.tell(), self._total)
        return piece
