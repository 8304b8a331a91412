"""Published versions of the layer: which one a function of an architecture gets, and which ARNs are ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from aftercall.command.lambda_service.access import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_NAME = "aftercall"
_ARN = re.compile(
    r"(?P<layer>arn:[^:]+:lambda:(?P<region>[^:]+):(?P<account>\d+):layer:(?P<name>[\w-]+))(:(?P<number>\d+))?"
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,140}")


@dataclass(frozen=True)
class LayerVersion:
    arn: str
    number: int
    architectures: tuple[str, ...]
    description: str
    sha256: str = ""
    location: str = ""
    """Where its zip can be read for ten minutes; only GetLayerVersion returns it."""

    @property
    def layer(self) -> str:
        """The ARN without the version's number."""
        return self.arn.rpartition(":")[0]

    @property
    def release(self) -> str:
        """The version of aftercall in it, empty where the description is not one that `publish` wrote."""
        found = re.match(r"aftercall (\d\S*)", self.description)
        return found[1] if found else ""


@dataclass(frozen=True)
class Layers:
    """The versions to attach, by architecture, and by which names a layer counts as ours."""

    by_architecture: dict[str, LayerVersion]
    names: frozenset[str]

    def ours(self, arn: str) -> bool:
        return name_of(arn) in self.names


def name_of(arn: str) -> str:
    found = _ARN.fullmatch(arn)
    return found["name"] if found else ""


def names_of(given: Iterable[str]) -> frozenset[str]:
    """Names that count as ours: the usual one (or one for each architecture), and those of --layer."""
    usual = {DEFAULT_NAME, f"{DEFAULT_NAME}-x86_64", f"{DEFAULT_NAME}-arm64"}
    return frozenset(usual | {name_of(layer) or layer for layer in given})


def find(client: Any, region: str, given: tuple[str, ...]) -> Layers:
    """The versions to attach. `given` are ARNs, with or without a version, or names; the newest of each wins."""
    versions: dict[str, LayerVersion] = {}
    for layer in given or (DEFAULT_NAME,):
        for version in _matching(client, region, layer):
            for architecture in version.architectures:
                versions.setdefault(architecture, version)
    if not versions:
        named = ", ".join(given or (DEFAULT_NAME,))
        raise click.ClickException(f"no layer {named} in {region}: run `aftercall publish --region {region}` first")
    return Layers(versions, names_of(given))


def _matching(client: Any, region: str, layer: str) -> list[LayerVersion]:
    found = _ARN.fullmatch(layer)
    if found is None and not _NAME.fullmatch(layer):
        raise click.UsageError(f"--layer {layer!r} is neither a layer's ARN nor a name: see `aws lambda list-layers`")
    if found is not None and found["region"] != region:
        raise click.UsageError(
            f"--layer {layer} is in {found['region']}, the functions are in {region}: "
            f"run `aftercall publish --region {region}` and give that ARN, or another --region"
        )
    if found is not None and found["number"]:
        return [read(client, layer)]
    return newest(client, layer)


def newest(client: Any, name: str) -> list[LayerVersion]:
    """All versions of the name, the newest first."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    try:
        pages = client.get_paginator("list_layer_versions").paginate(LayerName=name)
        versions = [_of(answer) for page in pages for answer in page["LayerVersions"]]
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, f"layer {name}") from None
    return sorted(versions, key=lambda version: -version.number)


def read(client: Any, arn: str) -> LayerVersion:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    layer, _, number = arn.rpartition(":")
    try:
        return _of(client.get_layer_version(LayerName=layer, VersionNumber=int(number)))
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, f"layer {arn}") from None


def _of(answer: dict[str, Any]) -> LayerVersion:
    content = answer.get("Content", {})
    return LayerVersion(
        arn=answer["LayerVersionArn"],
        number=int(answer["Version"]),
        # A layer without architectures is for x86_64, as the service reads it.
        architectures=tuple(answer.get("CompatibleArchitectures") or ["x86_64"]),
        description=answer.get("Description", ""),
        sha256=content.get("CodeSha256", ""),
        location=content.get("Location", ""),
    )
