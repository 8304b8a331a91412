"""Each operation of each service in botocore's models, serialised by botocore itself, gets its own name.

What cannot be told apart is listed, with the reason. `make test-all` sends all of them through botocore's clients too.
"""

from __future__ import annotations

import pytest

from aftercall.recognition.calls import operation_of
from tests.recognition import sent_by_botocore

SAME_ON_THE_WIRE = {
    "DocDB": "RDS",
    "Neptune": "RDS",
    "Wisdom": "QConnect",
}
"""Service -> the other one that has the same host, signing name, version, and operations: their calls are one."""

SAME_PATHS = {
    ("GreengrassV2", "Greengrass"): (
        "AssociateServiceRoleToAccount", "DisassociateServiceRoleFromAccount", "GetConnectivityInfo",
        "GetServiceRoleForAccount", "ListTagsForResource", "TagResource", "UntagResource", "UpdateConnectivityInfo",
    ),
    ("Lambda Microvms", "Lambda"): ("ListTags", "TagResource", "UntagResource"),
}  # fmt: skip
"""(service, the other) -> operations that both have, at one host and with one method and path."""

OTHER_NAMES = {
    ("S3", "GetBucketLifecycle"): "GetBucketLifecycleConfiguration",
    ("S3", "GetBucketNotification"): "GetBucketNotificationConfiguration",
    ("S3", "PutBucketLifecycle"): "PutBucketLifecycleConfiguration",
    ("S3", "PutBucketNotification"): "PutBucketNotificationConfiguration",
    # Clients sign it for s3express; the serialiser alone does not.
    ("S3", "ListDirectoryBuckets"): "ListBuckets",
}
"""Deprecated operations whose successors have the same method and path."""

BY_HOST_ALONE = {
    "Bedrock Agent Runtime": "Bedrock Agent",
    "Bedrock Data Automation": "Bedrock",
    "Chime": "Chime SDK Voice",
    "Chime SDK Identity": "Chime SDK Voice",
    "Chime SDK Media Pipelines": "Chime SDK Voice",
    "Chime SDK Meetings": "Chime SDK Voice",
    "Chime SDK Messaging": "Chime SDK Voice",
    "IVS RealTime": "ivs",
    "Lex Model Building Service": "Lex Models V2",
    "Signer Data": "signer",
    "Timestream Query": "Timestream Write",
}
"""Service -> another of the same signing name. At a custom endpoint some of their operations have one path."""

UNSIGNED = {
    "SSO", "SSO OIDC", "Signin", "STS",
}  # fmt: skip
"""Some of their operations are neither signed nor named in a header: at a custom endpoint nothing tells of AWS."""

ENOUGH = 0.995


BY_CLIENT_ALONE = {
    ("CloudSearch Domain", "Search"): ("CloudSearch Domain", ""),  # botocore sends POST where its model says GET
    ("Signin", "CreateOAuth2Token"): ("", ""),  # unsigned, at a host of the console
    ("signer", "GetRevocationStatus"): ("Signer Data", "GetRevocationStatus"),  # at the host of that service
}
"""What clients send otherwise than the model says."""


def misnamed(*, custom: bool) -> tuple[int, list[tuple[str, str, str, str]]]:
    """How many were sent; service, operation, and what they were taken for, where that is something else."""
    sent, wrong = 0, []
    for service in sent_by_botocore.services():
        for one in sent_by_botocore.sent_by(service, custom=custom):
            sent += 1
            found = operation_of(one.exchange)
            taken = (found.service, found.name) if found is not None else ("", "")
            if taken != (one.service, one.operation):
                wrong.append((one.service, one.operation, *taken))
    return sent, wrong


def test_every_operation_of_every_client_has_its_name() -> None:
    """With botocore's own endpoints and signatures: two minutes."""
    sent, unexplained = 0, []
    for service in sent_by_botocore.services():
        for one in sent_by_botocore.sent_by_client(service):
            sent += 1
            found = operation_of(one.exchange)
            taken = (found.service, found.name) if found is not None else ("", "")
            # Clients of Timestream ask for their endpoint first.
            is_right = taken == (one.service, one.operation) or taken[1] == "DescribeEndpoints"
            is_known = BY_CLIENT_ALONE.get((one.service, one.operation)) == taken
            if not (is_right or is_known or is_listed(one.service, one.operation, *taken)):
                unexplained.append((one.service, one.operation, *taken))
    assert sent > 19_000
    assert not unexplained


def is_listed(service: str, operation: str, taken_service: str, taken: str) -> bool:
    if SAME_ON_THE_WIRE.get(service) == taken_service:
        return operation == taken
    if operation in SAME_PATHS.get((service, taken_service), ()):
        return operation == taken
    return service == taken_service and OTHER_NAMES.get((service, operation)) == taken


def is_listed_at_custom_endpoint(service: str, operation: str, taken_service: str, taken: str) -> bool:
    if BY_HOST_ALONE.get(service) == taken_service or (service in UNSIGNED and not taken_service):
        return True
    return is_listed(service, operation, taken_service, taken)


@pytest.mark.parametrize(
    ("custom", "reasons"),
    [(False, is_listed), (True, is_listed_at_custom_endpoint)],
    ids=["ordinary endpoint", "custom endpoint"],
)
def test_every_operation_has_its_name(custom, reasons) -> None:
    sent, wrong = misnamed(custom=custom)
    assert sent > 19_000
    unexplained = [one for one in wrong if not reasons(*one)]
    assert not unexplained
    told = [one for one in wrong if one[1] != one[3]]
    assert 1 - len(told) / sent >= ENOUGH
    # Those that are byte for byte another service's call count as wrong here.
    assert len(wrong) <= (183 if not custom else 243)
