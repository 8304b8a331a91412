"""A function's configuration, as far as attaching asks for it, and which functions a command line means."""

from __future__ import annotations

import difflib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from aftercall.command.lambda_service.access import CONNECTIONS, AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.command.lambda_service.access import Access

_REFERENCE = re.compile(
    r"(?:arn:[^:]+:lambda:(?P<region>[^:]+):)?(?:(?P<account>\d{12}):)?(?:function:)?(?P<name>[\w-]+)(?::(?P<qualifier>[\w$.-]+))?"
)


@dataclass(frozen=True)
class Function:
    """Of $LATEST: the only version that can be changed."""

    name: str
    arn: str
    runtime: str
    """Empty for container images."""
    architecture: str
    image: bool
    layers: tuple[str, ...]
    """ARNs in the order in which they are laid over each other."""
    variables: Mapping[str, str]
    variables_error: str = ""
    """Why the service does not tell the variables: mostly a KMS key that the caller may not use."""
    zipped: int = 0
    """Bytes of the code's and all layers' zips."""
    snap_start: bool = False
    managed_instances: bool = False
    state: str = ""
    update: str = ""
    trouble: str = ""
    """Why `state` or `update` is Failed or Inactive."""
    log_group: str = ""
    revision: str = field(default="", compare=False)

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> Function:
        """ListFunctions leaves State and LastUpdateStatus out, GetFunctionConfiguration has them."""
        environment = configuration.get("Environment") or {}
        error = environment.get("Error") or {}
        layers = configuration.get("Layers") or []
        return cls(
            name=configuration["FunctionName"],
            arn=configuration["FunctionArn"],
            runtime=configuration.get("Runtime") or "",
            architecture=(configuration.get("Architectures") or ["x86_64"])[0],
            image=configuration.get("PackageType") == "Image",
            layers=tuple(layer["Arn"] for layer in layers),
            variables=dict(environment.get("Variables") or {}),
            variables_error=" ".join(str(error.get("Message") or error.get("ErrorCode") or "").split()),
            zipped=int(configuration.get("CodeSize") or 0) + sum(int(layer.get("CodeSize") or 0) for layer in layers),
            snap_start=(configuration.get("SnapStart") or {}).get("ApplyOn", "None") != "None",
            managed_instances=bool(configuration.get("CapacityProviderConfig")),
            state=configuration.get("State") or "",
            update=configuration.get("LastUpdateStatus") or "",
            trouble=configuration.get("LastUpdateStatusReason") or configuration.get("StateReason") or "",
            log_group=(configuration.get("LoggingConfig") or {}).get("LogGroup")
            or f"/aws/lambda/{configuration['FunctionName']}",
            revision=configuration.get("RevisionId") or "",
        )

    @property
    def busy(self) -> bool:
        """Whether the service refuses changes for the moment."""
        return self.state == "Pending" or self.update == "InProgress"

    def same_settings(self, other: Function) -> bool:
        """Whether a plan that was made for the one fits the other."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("arn", "runtime", "architecture", "image", "layers", "variables", "variables_error")
        )


@dataclass(frozen=True)
class Selection:
    """What the command line asks for: names, or all that have a prefix or tags."""

    names: tuple[str, ...] = ()
    prefix: str = ""
    tags: tuple[str, ...] = ()
    everything: bool = False

    def check(self) -> None:
        if self.names and (self.prefix or self.tags or self.everything):
            raise click.UsageError("names together with --prefix, --tag or --all: give the ones or the others")
        if not (self.names or self.prefix or self.tags or self.everything):
            raise click.UsageError("which functions? Give names, --prefix, --tag KEY=VALUE or --all")

    def find(self, access: Access, client: Any) -> list[Function]:
        """In the order of their names. Raises click.ClickException where one that was named is not there."""
        self.check()
        if self.names:
            names = list(dict.fromkeys(_name(reference, access.region) for reference in self.names))
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                return list(pool.map(lambda name: _named(client, name), names))
        functions = [function for function in _all(client) if function.name.startswith(self.prefix)]
        if self.tags:
            tagged = _tagged(access, self.tags)
            functions = [function for function in functions if function.arn in tagged]
        if not functions:
            raise click.ClickException(f"no function{self._wanted()} in {access.region}: is --region right?")
        return sorted(functions, key=lambda function: function.name)

    def _wanted(self) -> str:
        wanted = [f"prefix {self.prefix}"] if self.prefix else []
        wanted += [f"tag {tag}" for tag in self.tags]
        return f" with {' and '.join(wanted)}" if wanted else ""


def _named(client: Any, name: str) -> Function:
    """Where there is no such function, the error suggests the name that is spelt most like it."""
    try:
        return read(client, name)
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            error.suggestion = _suggestion(client, name)
        raise


def _suggestion(client: Any, name: str) -> str:
    try:
        near = difflib.get_close_matches(name, [function.name for function in _all(client)], n=1)
    except AwsError:  # without the permission to list functions there is no suggestion
        return ""
    return f" (did you mean {near[0]}?)" if near else ""


def read(client: Any, name: str) -> Function:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    try:
        return Function.of(client.get_function_configuration(FunctionName=name))
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, f"function {name}") from None


def _all(client: Any) -> list[Function]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    try:
        pages = client.get_paginator("list_functions").paginate()
        return [Function.of(configuration) for page in pages for configuration in page["Functions"]]
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, "the list of functions") from None


def _tagged(access: Access, tags: tuple[str, ...]) -> set[str]:
    """ARNs of the functions that have all of `KEY=VALUE`; `KEY` alone is any value."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see access.py

    filters: dict[str, list[str]] = {}
    for tag in tags:
        key, equals, value = tag.partition("=")
        if not key:
            raise click.UsageError(f"--tag {tag!r} has no key: write KEY=VALUE or KEY")
        filters.setdefault(key, []).extend([value] if equals else [])
    asked = [{"Key": key, "Values": values} if values else {"Key": key} for key, values in filters.items()]
    try:
        pages = access.client("resourcegroupstaggingapi").get_paginator("get_resources")
        found = pages.paginate(ResourceTypeFilters=["lambda:function"], TagFilters=asked)
        return {resource["ResourceARN"] for page in found for resource in page["ResourceTagMappingList"]}
    except (BotoCoreError, ClientError) as error:
        raise AwsError(error, "the look-up by tag") from None


def _name(reference: str, region: str) -> str:
    """The bare name of what the user wrote: a name, an ARN, or `account:function:name`."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise click.UsageError(f"{reference!r} is not a function's name or ARN: see `aws lambda list-functions`")
    if found["qualifier"] not in {None, "$LATEST"}:
        raise click.UsageError(
            f"{reference} names a published version, which cannot change: "
            f"give {found['name']} alone, then publish a new version of it"
        )
    if found["region"] not in {None, region}:
        raise click.UsageError(f"{reference} is not in {region}: add --region {found['region']}")
    return found["name"]
