"""The layer's zip as `make layer` or `docker build` wrote it: what it says of itself, and whether Lambda can run it."""

from __future__ import annotations

import base64
import glob
import hashlib
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import click

from aftercall.command.lambda_service import runtimes

DEFAULT_ZIPS = "dist/aftercall-layer-*.zip"
LARGEST = 50 * 1024 * 1024
"""Bytes of a zip that PublishLayerVersion takes in the request itself (Lambda quotas)."""


@dataclass(frozen=True)
class LayerZip:
    path: str
    content: bytes
    version: str
    architecture: str
    lacking: tuple[str, ...]
    """One sentence for each of Lambda's bases on which it does not start."""
    families: tuple[str, ...]
    """The runtimes that have a wrapper in it: java, nodejs, python."""

    @property
    def sha256(self) -> str:
        """As the service reports a layer's content: base64 of the digest."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()

    @property
    def description(self) -> str:
        """Of the layer version; `status` and `attach` read the first two words of it."""
        wrappers = ", ".join(self.families) or "none"
        return f"aftercall {self.version} ({self.architecture}; runtime wrappers: {wrappers})"

    @property
    def compatible_runtimes(self) -> list[str]:
        return runtimes.compatible(list(self.families))


def choose(paths: tuple[str, ...], architecture: str | None) -> list[LayerZip]:
    """The zips that were named, else those in dist/; each one checked. Raises click.ClickException."""
    found = list(paths) or sorted(glob.glob(DEFAULT_ZIPS))
    if not found:
        raise click.UsageError(f"no {DEFAULT_ZIPS} here: run `docker build --output dist .`, or name the layer's zip")
    zips = [read(path) for path in found]
    if architecture and not paths:
        zips = [layer for layer in zips if layer.architecture == architecture] or zips
    for layer in zips:
        _refuse_unfit(layer, architecture)
    by_architecture = {layer.architecture: layer.path for layer in zips}
    if len(by_architecture) < len(zips):
        raise click.UsageError("two zips of one architecture: publish one of each at a time")
    return zips


def read(path: str) -> LayerZip:
    try:
        with open(path, "rb") as file:
            content = file.read()
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            about = json.loads(archive.read("aftercall/about.json"))
    except OSError as error:
        raise click.UsageError(f"layer {path!r} cannot be read ({error.strerror}): name the layer's zip") from None
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise click.UsageError(
            f"layer {path!r} is not a zip with aftercall/about.json: build it with `docker build --output dist .`"
        ) from None
    return LayerZip(path, content, **_said(path, about), families=_families(names))


def _said(path: str, about: Any) -> dict[str, Any]:
    try:
        lacking = tuple(str(sentence) for sentence in about["lacking"])
        return {"version": str(about["version"]), "architecture": str(about["architecture"]), "lacking": lacking}
    except (KeyError, TypeError):
        raise click.UsageError(
            f"layer {path!r}: its about.json lacks version, architecture or lacking: build it anew"
        ) from None


def _families(names: list[str]) -> tuple[str, ...]:
    return tuple(family for family in runtimes.IN_SERVICE if f"aftercall/{family}/wrapper" in names)


def _refuse_unfit(layer: LayerZip, architecture: str | None) -> None:
    if layer.lacking:
        platform = {"x86_64": "linux/amd64"}.get(layer.architecture, f"linux/{layer.architecture}")
        raise click.ClickException(
            f"{layer.path} would not start on Lambda: {'; '.join(layer.lacking)}: "
            f"run `docker build --platform {platform} --output dist .` and publish what that writes"
        )
    if architecture not in {None, layer.architecture}:
        raise click.ClickException(
            f"{layer.path} is for {layer.architecture}, not {architecture}: "
            f"name the zip of {architecture}, or leave --architecture out"
        )
    if len(layer.content) > LARGEST:
        raise click.ClickException(
            f"{layer.path} has {len(layer.content):,} bytes, Lambda takes {LARGEST:,}: build it anew"
        )
