"""What a host name of AWS says: service and region, or a bucket.

sqs.eu-west-1.amazonaws.com            lambda-fips.us-gov-west-1.amazonaws.com       dynamodb.eu-west-1.api.aws
vpce-0ab1.sqs.eu-west-1.vpce.amazonaws.com          123456789012.ddb.eu-west-1.amazonaws.com     iam.amazonaws.com
receipts.s3.eu-west-1.amazonaws.com    s3.dualstack.eu-west-1.amazonaws.com          s3.cn-north-1.amazonaws.com.cn
"""

from __future__ import annotations

SUFFIXES = (
    ".amazonaws.com", ".api.aws", ".amazonaws.com.cn", ".api.amazonwebservices.com.cn", ".amazonaws.eu",
    ".api.amazonwebservices.eu", ".c2s.ic.gov", ".api.aws.ic.gov", ".sc2s.sgov.gov", ".api.aws.scloud",
    ".cloud.adc-e.uk", ".api.cloud-aws.adc-e.uk", ".csp.hci.ic.gov", ".api.aws.hci.ic.gov",
)  # fmt: skip
"""Of AWS's partitions, for IPv4 and dual-stack."""

_MAX_HOST = 253
"""Characters of a name in DNS (RFC 1035)."""

_OF_USERS = frozenset({"execute-api", "appsync-api", "elb", "compute", "compute-1", "s3-website", "cloudsearch"})
"""Labels of hosts on which APIs, machines and sites of users are."""


def service_labels(host: str) -> tuple[list[str], str] | None:
    """The labels that name the service, host prefixes before it included, and the region (empty: none is named).

    None: no host of AWS's own.
    """
    if len(host) > _MAX_HOST:
        return None
    suffix = next((suffix for suffix in SUFFIXES if host.endswith(suffix)), "")
    if not suffix:
        return None
    labels = host[: -len(suffix)].lower().split(".")
    if not _OF_USERS.isdisjoint(labels):
        return None
    at = next((at for at in range(len(labels) - 1, -1, -1) if is_region(labels[at])), len(labels))
    region = labels[at] if at < len(labels) else ""
    return [_plain(label) for label in labels[:at] if label != "dualstack"], region


def is_region(label: str) -> bool:
    """`eu-west-1`, `us-gov-east-1`, `us-iso-west-1`."""
    parts = label.split("-")
    is_code = 3 <= len(parts) <= 4 and len(parts[0]) <= 4 and len(parts[-1]) <= 2
    return is_code and label.isascii() and parts[0].isalpha() and parts[-1].isdigit()


def _plain(label: str) -> str:
    return label.removesuffix("-fips").removeprefix("fips-")


def bucket_of(host: str) -> str:
    """The bucket, or the access point, that stands before S3's own label; empty: it stands in the path, if at all."""
    labels = host.split(".")
    # The last one: a bucket's own name may have dots, and a label like S3's between them.
    at = next((at for at in range(len(labels) - 1, 0, -1) if _is_s3(labels[at])), 0)
    before = labels[:at]
    if before and before[-1].startswith("vpce-"):  # NAME.bucket.vpce-0ab1.s3.eu-west-1.vpce.amazonaws.com
        before = before[:-2]
    return ".".join(before)


def _is_s3(label: str) -> bool:
    return label == "s3" or (label.startswith(("s3-", "s3express-")) and label != "s3-control")
