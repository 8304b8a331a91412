"""What of a credential header is shown: the scheme, the names, and values that are plain words."""

from __future__ import annotations

import pytest

from aftercall.masking.credentials import redact_credentials

SHOWN = {
    "AWS": (
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/s3, SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3",
        "AWS4-HMAC-SHA256 Credential=<masked>, SignedHeaders=host;x-amz-date, Signature=<masked>",
    ),
    "Digest": (
        "Authorization",
        'Digest username="jo", realm="shop", algorithm=MD5, response="6629fae49393a05397450978507c4ef1"',
        'Digest username="jo", realm="shop", algorithm=MD5, response=<masked>',
    ),
    "OAuth 1": (
        "Authorization",
        'OAuth oauth_consumer_key="xvz1evFS4wEEPTGE",oauth_signature_method="HMAC-SHA1",oauth_token="370773112-GmHx"',
        'OAuth oauth_consumer_key=<masked>,oauth_signature_method="HMAC-SHA1",oauth_token=<masked>',
    ),
    "HTTP signatures": (
        "Signature",
        'keyId="Test",algorithm="rsa-sha256",signature="SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn"',
        'keyId="Test",algorithm="rsa-sha256",signature=<masked>',
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_of_pairs_the_names_and_the_plain_values_are_shown(name: str) -> None:
    header, value, shown = SHOWN[name]
    assert redact_credentials(header, value) == shown


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Authorization", "Basic dXNlcjpwYXNzd29yZA=="),
        ("Authorization", "Bearer realm=shop,scope=all"),
        ("Authorization", "hunter2"),
        ("Authorization", "Digest hunter2, algorithm=MD5"),
        ("Authorization", "my secret=hunter2, algorithm=MD5, x"),
        ("Authorization", "x9Qa=hunter2"),
        ("X-Shop-Signature", "t=1492774577,v1=5257a869e7ecebeda32affa62cdca3fa"),
        ("X-Hub-Signature", "sha256=5257a869e7ecebeda32affa62cdca3fa"),
        ("Authorization", "Digest AbCdEfGhIj=hunter2, algorithm=MD5"),
        ("X-Api-Key", "a=1, b=2"),
        ("Authorization", ""),
    ],
)
def test_all_else_is_masked_as_a_whole(header: str, value: str) -> None:
    assert redact_credentials(header, value) == "<masked>"
