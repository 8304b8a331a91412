"""What stands under a secret's name and is none, and what is one all the same."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aftercall.masking import STRONG
from aftercall.masking.names import strength_of
from aftercall.masking.plain_value import is_placeholder
from aftercall.masking.under_name import is_harmless

STRONG_NAMES = (
    "password", "client_secret", "secret", "api_key", "private_key", "access_token", "DB_PASS", "otp", "credentials",
    "passphrase", "user[password]",
)  # fmt: skip

HARMLESS = {
    "marks": ("password", "null None true - N/A [REDACTED] <redacted> (hidden) **** xxxxxxxx ***REDACTED*** <nil> ..... deleted [Filtered]"),
    "placeholders": ("api_key", "${DB_PASSWORD} {{secrets.X}} process.env.API_KEY $API_KEY %API_KEY% <your-api-key> YOUR_API_KEY_HERE #{secret} var.db_password op://vault/item/password {{resolve:secretsmanager:prod/db:SecretString:password}}"),
    "words of schemas": ("password", "required optional string SecureString hidden include omit same-origin write-only enabled invalid missing"),
    "a scheme alone": ("authorization", "Bearer Basic Digest"),
    "names of secrets": ("secret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbC123 arn:aws-cn:kms:cn-north-1:1:key/ab"),
    "files": ("GOOGLE_APPLICATION_CREDENTIALS", "/path /var/task/key.json ~/.config/gcloud/credentials.json C:\\keys\\service-account.json ./key.json"),
    "files of keys": ("private_key", "/etc/ssl/private/server.key ./certs/client-key.pem"),
    "the shell's directory": ("PWD", "/var/task /home/user"),
    "addresses": ("token", "https://oauth2.googleapis.com/token https://login.example/oauth2/v2/token"),
    "pieces of texts": ("token", "Hello \u0120world , ( ## identifier1 EOF identifier"),
    "counts": ("tokens", "512 7 1500 0.5"),
    "small numbers": ("pass", "41 0 7"),
    "states": ("session", "active expired none new"),
    "durations": ("token", "30s 15m PT15M P1D 3600s"),
    "versions": ("signature", "v1 v4 v1.2"),
    "Twilio's ids": ("sid", "AC0123456789abcdef0123456789abcdef SM0123456789abcdef0123456789abcdef"),
    "Windows' ids": ("user_sid", "S-1-5-21-3623811015-3361044348-30300820-1013"),
    "places in requests": ("identitySource", "$request.header.Authorization method.request.header.Authorization"),
    "routes": ("routing_key", "orders.created.v1 orders.# 42 eu-west-1"),
    "ids": ("customer_key", "cust-00042 550e8400-e29b-41d4-a716-446655440000 maria"),
}  # fmt: skip
"""Words under a name."""

SAID = {
    "password": (
        "is too short", "must be at least 8 characters", "Password must contain at least one number", "Field required",
        "String should have at least 8 characters", "This field may not be blank.", "can't be blank", "is invalid",
        "Passwords do not match, please enter them again", "The password is incorrect.", "does not meet the requirements: must be longer",
        "(sensitive value)", "(known after apply)", "$(cat /run/secrets/db)", 'os.environ["DB_PASSWORD"]', "{{ .Values.password }}",
        "is required and cannot be empty", "value is not a valid string", "INVALID PASSWORD", "Missing required parameter",
    ),
    "passphrase": ("is too short", "must be at least 8 characters"),
    "token": ("not needed here", "the quick brown fox", "has expired", "invalid or expired"),
    "authorization": ("Missing Authentication Token", "not required"),
}  # fmt: skip

SECRETS = {
    "password": (
        "hunter2", "letmein", "monkey", "correct horse battery staple", "Password is hunter2-Zx81", "$Hunter2", "/hunter2/x",
        "${DB:-hunter2}", "#*#*#*#1", "<Hunter2>", "must be hunter2", "prod", "12345678", "30 seconds to Mars", "nullnull",
        "https://hunter2/x", "~/hunter2", "var.Hunter22x!", "secret", "changeme1", "*a*b*c*", "xXxXxX", "P4ssw0rd",
    ),
    "passphrase": ("correct horse battery staple", "is this not correct horse", "invalid horse battery staple"),
    "mnemonic": ("must be legal winner thank year wave sausage worth useful legal winner",),
    "token": ("xkqzvbnmplw", "correct-horse-battery-staple", "hunter2", "a1b2c3d4e5", "123456", "aBcDeFgH", "https://x.example/?token=x", "550e8400-e29b-41d4-a716-446655440000"),
    "pin": ("1234", "123", "000000"),
    "pass": ("hunter2", "hunter2!", "1234"),
    "session": ("a8f5f167f44f4964", "s%3Aabc.DEF", "1234567"),
    "sid": ("SK0123456789abcdef0123456789abcdef", "abc123def"),
    "signature": ("abcDEF123", "v0=a1b2c3d4e5f6"),
    "PWD": ("hunter2!", "x/y z"),
    "routing_key": ("0123456789abcdef0123456789abcdef", "R0aBcDeFgH1jKlMnOpQr"),
    "stripe_key": ("sk_live_" + "a1B2" * 6, "b1b15e88fa797225412429c1c50c122a1"),
    "private_key": ("MIIEvQIBADANBg", "/u7Xk2bQ9vLm3TzB8nWc5Yd1Hf6w=="),
    "api_key": ("/wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "prod/key"),
    "credentials": ("user:hunter2", "/a1B2c3D4e5F6g7H8", "admin"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_is_harmless(kind: str) -> None:
    name, values = HARMLESS[kind]
    quoted = kind != "pieces of texts"
    assert [value for value in values.split() if not is_harmless(name, value, quoted=quoted)] == []


@pytest.mark.parametrize("name", SAID)
def test_messages_are_harmless(name: str) -> None:
    assert [value for value in SAID[name] if not is_harmless(name, value, quoted=True)] == []


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("name", SECRETS)
def test_secrets_are_not(name: str, *, quoted: bool) -> None:
    assert [value for value in SECRETS[name] if is_harmless(name, value, quoted=quoted)] == []


PASSWORDS = st.text(string.ascii_letters + string.digits + "!#%&()*+,-./:;<=>?@[]^_{|}~", min_size=6, max_size=40)


@given(st.sampled_from(STRONG_NAMES), PASSWORDS, st.booleans())
def test_what_looks_like_a_password_is_never_harmless_under_a_strong_name(name: str, value: str, quoted: bool) -> None:
    assert strength_of(name) == STRONG
    has_digit = any(letter.isdigit() for letter in value)
    mixed = not (value.islower() or value.isupper() or value.istitle())
    assume((has_digit and any(letter.isalpha() for letter in value)) or mixed)
    assume(not is_placeholder(value) and value.strip("*xX-_.#?+"))
    assert not is_harmless(name, value, quoted=quoted)


@given(st.text(max_size=40), st.text(max_size=600), st.booleans())
def test_any_value_has_a_verdict(name: str, value: str, quoted: bool) -> None:
    assert is_harmless(name, value, quoted=quoted) in {True, False}


def test_a_long_value_is_never_harmless() -> None:
    for value in ("must be " * 100_000, "a/" * 200_000, "{{" + "a" * 100_000 + "}}", "[" * 100_000 + "]" * 100_000):
        assert not is_harmless("password", value, quoted=True)
