"""Clients of AWS, and its errors as one line with a remedy: botocore's words end here."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from typing import Any

import click

ANSWER_SECONDS = 30.0
"""Longest wait for one answer; Lambda's control plane takes a second or two."""
CONNECTIONS = 16
"""Also how many functions are worked on at once. An account has 15 control-plane requests a second."""


@dataclass(frozen=True)
class Access:
    """An account (by its profile) in a region."""

    region: str
    session: Any

    @classmethod
    def of(cls, region: str | None, profile: str | None) -> Access:
        boto3 = _boto3()
        from botocore.exceptions import ProfileNotFound  # noqa: PLC0415 - 0.3 s that `aftercall run` does without

        try:
            session = boto3.Session(profile_name=profile)
        except ProfileNotFound:
            known = ", ".join(boto3.Session().available_profiles) or "none"
            raise click.UsageError(f"profile {profile!r} is not in your AWS configuration (there: {known})") from None
        # AWS_REGION is the SDKs' common variable; boto3 alone reads only AWS_DEFAULT_REGION.
        region = region or os.environ.get("AWS_REGION") or session.region_name
        if not region:
            raise click.UsageError("no region: give --region, or set AWS_REGION")
        return cls(region, session)

    def account(self) -> str:
        """The account's number. Asking needs no permission."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see above

        try:
            return str(self.client("sts").get_caller_identity()["Account"])
        except (BotoCoreError, ClientError) as error:
            raise AwsError(error, "the look-up of your account") from None

    def client(self, service: str, *, answer_seconds: float | None = None) -> Any:
        """Thread-safe; throttled requests are tried again with growing pauses, and then fewer are sent."""
        from botocore.config import Config  # noqa: PLC0415 - see above
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - see above

        config = Config(
            retries={"mode": "adaptive", "max_attempts": 12},
            max_pool_connections=CONNECTIONS,
            connect_timeout=10,
            read_timeout=answer_seconds or ANSWER_SECONDS,
            user_agent_extra="aftercall",
        )
        try:
            client = self.session.client(service, region_name=self.region, config=config)
        except (BotoCoreError, ValueError) as error:
            raise AwsError(error, f"a client for {self.region}") from None
        client.meta.events.register_first("needs-retry", _give_up_early)
        return client


class AwsError(click.ClickException):
    """A failed request; `message` is one line, `ends_all` where every other request would fail the same way."""

    def __init__(self, error: Exception, subject: str) -> None:
        self.code = code_of(error)
        said = _IN_OUR_WORDS.get(self.code) or _unnamed(error)
        self.ends_all = self.code in _ENDS_ALL
        self.suggestion = ""
        super().__init__(said.format(subject=subject, error=" ".join(str(error).split()), **_details(error)))

    def format_message(self) -> str:
        return super().format_message() + self.suggestion


def _give_up_early(caught_exception: Exception | None = None, attempts: int = 0, **_: Any) -> None:
    """Where nobody answers, the twelve tries against throttling would take minutes to say so."""
    most = _MOST_TRIES.get(type(caught_exception).__name__)
    if caught_exception and most and attempts >= most:
        raise caught_exception


def code_of(error: Exception) -> str:
    """`ResourceNotFoundException`; of errors that never reached AWS, the name of botocore's class."""
    answer = getattr(error, "response", None)
    return str(answer["Error"].get("Code", "")) if isinstance(answer, dict) else type(error).__name__


def _boto3() -> Any:
    try:
        import boto3  # noqa: PLC0415 - its absence is answered here
    except ModuleNotFoundError:
        raise click.ClickException("boto3 is not installed: run `pip install 'aftercall[command]'`") from None
    return boto3


# Where the permission is not named like the operation of Lambda.
_PERMISSIONS = {
    "GetCallerIdentity": "sts:GetCallerIdentity",
    "GetResources": "tag:GetResources",
    "Invoke": "lambda:InvokeFunction",
}
_SIGN_IN = "run `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_EXPIRED = "{subject}: your AWS session has expired: sign in again, then run the same command"
_UNKNOWN_KEY = f"{{subject}}: AWS does not know these credentials: {_SIGN_IN}"
_DENIED = "{subject}: your credentials may not do {operation} ({message}): allow {permission}"
_THROTTLED = "{subject}: AWS refuses the rate of requests: run the same command again later, it goes on where it was"

_IN_OUR_WORDS = {
    "NoCredentialsError": f"no AWS credentials: {_SIGN_IN}",
    "PartialCredentialsError": f"half of the AWS credentials is missing: {_SIGN_IN}",
    "SSOTokenLoadError": _EXPIRED,
    "UnauthorizedSSOTokenError": _EXPIRED,
    "TokenRetrievalError": _EXPIRED,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "InvalidSignatureException": f"{{subject}}: AWS refuses the secret key: {_SIGN_IN}",
    "AccessDeniedException": _DENIED,
    "AccessDenied": _DENIED,
    "ResourceNotFoundException": "{subject}: not found: is --region right, and the name?",
    "TooManyRequestsException": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "CodeStorageExceededException": "{subject}: the account's code storage is full: delete old versions",
    "RequestEntityTooLargeException": "{subject}: the request is larger than AWS takes",
    "CodeVerificationFailedException": "{subject}: its code signing wants signed layers: sign the zip with AWS Signer",
    "InvalidRegionError": "{error}: give a --region such as eu-central-1",
    "EndpointConnectionError": "no answer from {endpoint}: is the region right{suggestion}, and the network up?",
    "ConnectTimeoutError": "no answer from {endpoint}: is the region right{suggestion}, and the network up?",
    "ReadTimeoutError": "{endpoint} took the request and does not answer: run the same command again later",
}

_MOST_TRIES = {"EndpointConnectionError": 3, "ConnectTimeoutError": 3, "ReadTimeoutError": 2}

_ENDS_ALL = {
    "EndpointConnectionError",
    "ConnectTimeoutError",
    "NoCredentialsError",
    "PartialCredentialsError",
    "SSOTokenLoadError",
    "UnauthorizedSSOTokenError",
    "TokenRetrievalError",
    "ExpiredToken",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
}


def _unnamed(error: Exception) -> str:
    return "{subject}: AWS refuses it ({code}): {message}" if getattr(error, "response", None) else "{subject}: {error}"


def _details(error: Exception) -> dict[str, str]:
    # botocore's own errors of a time-out have a response too: None.
    answer = (getattr(error, "response", None) or {}).get("Error", {})
    operation = getattr(error, "operation_name", "")
    endpoint = "/".join(str(getattr(error, "kwargs", {}).get("endpoint_url", "")).split("/")[:3])
    return {
        "code": str(answer.get("Code", "")),
        "message": " ".join(str(answer.get("Message", "")).split()),
        "operation": operation,
        "permission": _PERMISSIONS.get(operation, f"lambda:{operation}"),
        "endpoint": endpoint,
        "suggestion": _suggestion(endpoint),
    }


def _suggestion(endpoint: str) -> str:
    """Of a region that botocore knows and that is spelt like the endpoint's."""
    region = endpoint.partition("lambda.")[2].partition(".")[0]
    known = _boto3().Session().get_available_regions("lambda") if region else []
    near = difflib.get_close_matches(region, known, n=1)
    return f" (did you mean {near[0]}?)" if near and region not in known else ""
