"""Secrets as their issuers make them, drawn at random. Written from issuers' published formats, not from the rules.

`tells_itself`: whoever knows the issuer's format recognises it anywhere. The others are secrets by the name they go by.
"""

from __future__ import annotations

import base64
import json
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ALNUM = string.ascii_letters + string.digits
UPPER32 = string.ascii_uppercase + "234567"
HEX = "0123456789abcdef"
BASE64 = ALNUM + "+/"
URLSAFE = ALNUM + "-_"

PIECE = 8
"""So many characters of a secret in a row must not be seen, beyond its public prefix."""


@dataclass(frozen=True)
class Secret:
    kind: str
    name: str
    """The key, header, parameter or element name that it goes by in this case."""
    value: str
    tells_itself: bool
    public: int = 0
    """So many first characters are its issuer's marker, which may be seen."""
    hidden: tuple[str, ...] = field(default=())
    """What must not be seen, where that is not simply what follows the public prefix."""

    def pieces(self) -> set[str]:
        found: set[str] = set()
        for text in self.hidden or (self.value[self.public :],):
            if len(text) <= PIECE:
                found.add(text)
            found.update(text[at : at + PIECE] for at in range(len(text) - PIECE + 1))
        # A JWT's payload may say by chance what its header says.
        return {piece for piece in found if piece not in self.value[: self.public]}


@dataclass(frozen=True)
class Kind:
    name: str
    names: tuple[str, ...]
    make: Callable[[Random], tuple[str, int] | tuple[str, int, tuple[str, ...]]]
    tells_itself: bool = True
    plain: bool = True
    """Without characters that separate things in plain text, cookies and unquoted assignments."""
    one_line: bool = True

    def draw(self, rng: Random) -> Secret:
        value, public, *hidden = self.make(rng)
        return Secret(self.name, rng.choice(self.names), value, self.tells_itself, public, hidden[0] if hidden else ())


def chars(rng: Random, alphabet: str, length: int) -> str:
    """Both letters and digits are in it, as in nearly every real one."""
    while True:
        drawn = "".join(rng.choice(alphabet) for _ in range(length))
        if any(map(str.isdigit, drawn)) and any(map(str.isalpha, drawn)):
            return drawn


def _prefixed(prefix: str, alphabet: str, length: int, after: str = "") -> Callable[[Random], tuple[str, int]]:
    return lambda rng: (prefix + chars(rng, alphabet, length) + after, len(prefix))


def _password(rng: Random) -> tuple[str, int]:
    return chars(rng, ALNUM + "!#%_@^*~-", rng.randint(10, 24)), 0


def _hard_password(rng: Random) -> tuple[str, int]:
    return chars(rng, ALNUM + "\"\\'<>&;,:= ?/{}[]|äßж漢€😀\t", rng.randint(12, 24)).strip().replace("  ", "x"), 0


def _phrase(rng: Random) -> tuple[str, int]:
    words = ("correct", "horse", "battery", "staple", "velvet", "quarrel", "ozone", "lantern", "muddle", "gravel")
    return " ".join(rng.sample(words, 4)), 0


def _jwt_segment(rng: Random, claims: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def _jwt(rng: Random) -> tuple[str, int]:
    header = _jwt_segment(
        rng, {"alg": rng.choice(["RS256", "HS256", "ES384"]), "typ": "JWT", "kid": chars(rng, HEX, 8)}
    )
    claims = {"sub": chars(rng, HEX, 12), "jti": chars(rng, ALNUM, 9), "exp": 1764000000}
    return f"{header}.{_jwt_segment(rng, claims)}.{chars(rng, URLSAFE, rng.choice([43, 86, 342]))}", len(header) + 1


def _pem(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    label = rng.choice(
        ["RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
    )
    lines = tuple(chars(rng, BASE64, 64) for _ in range(rng.randint(3, 12)))
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"]), 0, lines


def _luhn(digits: str) -> str:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if at % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return digits + str(-total % 10)


def _card(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    prefix, length = rng.choice(
        [("4", 16), ("51", 16), ("5425", 16), ("2223", 16), ("34", 15), ("37", 15), ("6011", 16)]
    )
    digits = _luhn(prefix + "".join(rng.choice(string.digits) for _ in range(length - len(prefix) - 1)))
    between = rng.choice(["", " ", "-"])
    cuts = (4, 10) if length == 15 else (4, 8, 12)
    shown = between.join(digits[a:b] for a, b in zip((0, *cuts), (*cuts, length), strict=True))
    return shown, 0, tuple({digits, shown})


def _basic(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    password = _password(rng)[0]
    coded = base64.b64encode(f"{chars(rng, ALNUM, 6)}:{password}".encode()).decode()
    return f"Basic {coded}", 6, (coded, password)


def _digest(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    response = chars(rng, HEX, 32)
    return (
        f'Digest username="bob", realm="x", nonce="{chars(rng, HEX, 16)}", uri="/a", response="{response}"',
        0,
        (response,),
    )


def _sigv4_header(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    key_id, signature = chars(rng, UPPER32, 16), chars(rng, HEX, 64)
    value = (
        f"AWS4-HMAC-SHA256 Credential=AKIA{key_id}/20260102/eu-west-1/s3/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}"
    )
    return value, 0, (key_id, signature)


def _presigned(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    key_id, signature, token = chars(rng, UPPER32, 16), chars(rng, HEX, 64), chars(rng, ALNUM, 200)
    value = (
        f"https://bucket.s3.eu-west-1.amazonaws.com/report.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        f"&X-Amz-Credential=ASIA{key_id}%2F20260102%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260102T000000Z"
        f"&X-Amz-Expires=900&X-Amz-Security-Token=IQoJb3JpZ2luX2Vj{token}&X-Amz-SignedHeaders=host"
        f"&X-Amz-Signature={signature}"
    )
    return value, 0, (key_id, signature, token)


def _url_with_password(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    password = chars(rng, ALNUM + "-_.~", rng.randint(10, 20))
    scheme = rng.choice(
        ["postgres", "postgresql", "mysql", "redis", "rediss", "amqp", "mongodb+srv", "https", "ftp", "smtp"]
    )
    user = (
        rng.choice(["app", "admin", "svc_orders", ""]) if scheme.startswith("redis") else rng.choice(["app", "admin"])
    )
    return f"{scheme}://{user}:{password}@db-1.internal.example:5432/orders", 0, (password,)


def _connection_string(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    password = chars(rng, ALNUM + "!#%_", rng.randint(10, 20))
    word = rng.choice(["Password", "Pwd", "password", "PWD"])
    return f"Server=tcp:db.example,1433;Database=orders;User ID=app;{word}={password};Encrypt=true", 0, (password,)


def _azure_storage(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    key = chars(rng, BASE64, 86) + "=="
    return (
        f"DefaultEndpointsProtocol=https;AccountName=files1;AccountKey={key};EndpointSuffix=core.windows.net",
        0,
        (key,),
    )


def _slack_webhook(rng: Random) -> tuple[str, int, tuple[str, ...]]:
    token = chars(rng, ALNUM, 24)
    return f"https://hooks.slack.com/services/T{chars(rng, UPPER32, 8)}/B{chars(rng, UPPER32, 8)}/{token}", 0, (token,)


def _two_parts(prefix: str, alphabet: str, first: int, second: int) -> Callable[[Random], tuple[str, int]]:
    return lambda rng: (f"{prefix}{chars(rng, alphabet, first)}.{chars(rng, alphabet, second)}", len(prefix))


def _slack(prefix: str) -> Callable[[Random], tuple[str, int]]:
    def make(rng: Random) -> tuple[str, int]:
        numbers = "-".join("".join(rng.choice(string.digits) for _ in range(12)) for _ in range(2))
        return f"{prefix}{numbers}-{chars(rng, ALNUM, 24)}", len(prefix)

    return make


def _pin(rng: Random) -> tuple[str, int]:
    return str(rng.randint(10_000_000, 999_999_999)), 0


SECRET_NAMES = (
    "password", "Password", "passwd", "PASSWORD", "pwd", "DB_PWD", "db_password", "DATABASE_PASSWORD", "userPassword",
    "new_password", "newPassword", "passphrase", "pass", "PGPASSWORD", "secret", "client_secret", "clientSecret",
    "SECRET_KEY", "app-secret", "credential", "private_key", "privateKey", "signing_key", "encryption_key",
    "loginPassword", "password_confirmation", "adminPass",
)  # fmt: skip
TOKEN_NAMES = (
    "token", "access_token", "accessToken", "refresh_token", "refreshToken", "id_token", "auth_token", "authToken",
    "api_key", "apiKey", "apikey", "API_KEY", "x-api-key", "api-key", "session_token", "sessionToken", "bearer_token",
    "X-Auth-Token", "access_key", "accessKey", "session_id", "sessionId", "csrf_token", "xsrfToken", "hmac_key",
    "stripe_api_key", "webhook_secret", "oauth_token", "deviceToken", "authorization",
)  # fmt: skip
HARMLESS_NAMES = ("note", "value", "message", "data", "comment", "text", "description", "input", "details", "content")

# Issuers' published prefixes, with the alphabet and length of what follows.
_ISSUERS: tuple[tuple[str, str, str, int], ...] = (
    ("aws_key_id", "AKIA", UPPER32, 16),
    ("aws_temporary_key_id", "ASIA", UPPER32, 16),
    ("aws_session_token", "IQoJb3JpZ2luX2Vj", BASE64, 420),
    ("aws_session_token_old", "FwoGZXIvYXdz", BASE64, 300),
    ("bedrock_api_key", "ABSK", BASE64, 128),
    ("github_classic", "ghp_", ALNUM, 36),
    ("adafruit", "aio_", ALNUM, 28),
    ("lob", "live_", HEX, 35),
    ("mapbox", "sk.eyJ", URLSAFE, 100),
    ("ngrok", "ngrok_", ALNUM, 40),
    ("plaid", "access-production-", HEX, 36),
    ("readme", "rdme_", HEX, 70),
    ("twilio_key", "SK", HEX, 32),
    ("github_oauth", "gho_", ALNUM, 36),
    ("github_server", "ghs_", ALNUM, 36),
    ("github_user", "ghu_", ALNUM, 36),
    ("github_refresh", "ghr_", ALNUM, 36),
    ("github_fine", "github_pat_", ALNUM + "_", 82),
    ("gitlab", "glpat-", URLSAFE, 20),
    ("slack_app", "xapp-1-", ALNUM, 60),
    ("stripe_live", "sk_live_", ALNUM, 24),
    ("stripe_test", "sk_test_", ALNUM, 99),
    ("stripe_restricted", "rk_live_", ALNUM, 24),
    ("stripe_webhook", "whsec_", ALNUM, 32),
    ("openai", "sk-", ALNUM, 48),
    ("openai_project", "sk-proj-", URLSAFE, 120),
    ("anthropic", "sk-ant-api03-", URLSAFE, 93),
    ("google_api", "AIza", URLSAFE, 35),
    ("google_oauth_access", "ya29.", URLSAFE, 120),
    ("google_oauth_secret", "GOCSPX-", URLSAFE, 28),
    ("google_refresh", "1//0", URLSAFE, 90),
    ("mailgun", "key-", HEX, 32),
    ("npm", "npm_", ALNUM, 36),
    ("pypi", "pypi-AgEIcHlwaS5vcmc", URLSAFE, 120),
    ("digitalocean", "dop_v1_", HEX, 64),
    ("shopify", "shpat_", HEX, 32),
    ("shopify_shared", "shpss_", HEX, 32),
    ("square", "sq0atp-", URLSAFE, 22),
    ("square_secret", "sq0csp-", URLSAFE, 43),
    ("newrelic", "NRAK-", string.ascii_uppercase + string.digits, 27),
    ("databricks", "dapi", HEX, 32),
    ("huggingface", "hf_", ALNUM, 34),
    ("atlassian", "ATATT3xFfGF0", URLSAFE, 180),
    ("linear", "lin_api_", ALNUM, 40),
    ("notion", "ntn_", ALNUM, 46),
    ("postman", "PMAK-", HEX, 59),
    ("doppler", "dp.pt.", ALNUM, 43),
    ("vault", "hvs.", URLSAFE, 95),
    ("grafana", "glsa_", ALNUM, 41),
    ("grafana_cloud", "glc_", ALNUM, 80),
    ("sentry", "sntrys_", URLSAFE, 120),
    ("age", "AGE-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
    ("docker", "dckr_pat_", URLSAFE, 27),
    ("figma", "figd_", URLSAFE, 40),
    ("supabase", "sbp_", HEX, 40),
    ("planetscale", "pscale_tkn_", URLSAFE, 43),
    ("rubygems", "rubygems_", HEX, 48),
    ("groq", "gsk_", ALNUM, 52),
    ("replicate", "r8_", ALNUM, 37),
    ("circleci", "CCIPAT_", ALNUM, 44),
    ("easypost", "EZAK", ALNUM, 54),
    ("flutterwave", "FLWSECK-", HEX, 32),
)

KINDS: tuple[Kind, ...] = (
    *(
        Kind(name, HARMLESS_NAMES + TOKEN_NAMES[:10], _prefixed(prefix, alphabet, length))
        for name, prefix, alphabet, length in _ISSUERS
    ),
    Kind("slack_bot", HARMLESS_NAMES, _slack("xoxb-")),
    Kind("slack_user", HARMLESS_NAMES, _slack("xoxp-")),
    Kind("sendgrid", HARMLESS_NAMES, _two_parts("SG.", URLSAFE, 22, 43)),
    Kind("airtable", HARMLESS_NAMES, lambda rng: (f"pat{chars(rng, ALNUM, 14)}.{chars(rng, HEX, 64)}", 3)),
    Kind("discord_bot", HARMLESS_NAMES, lambda rng: (f"MTA{chars(rng, ALNUM, 23)}.Gx2Yz1.{chars(rng, ALNUM, 38)}", 3)),
    Kind("mailchimp", HARMLESS_NAMES, lambda rng: (f"{chars(rng, HEX, 32)}-us14", 0)),
    Kind("resend", HARMLESS_NAMES, lambda rng: (f"re_{chars(rng, ALNUM, 8)}_{chars(rng, ALNUM, 24)}", 3)),
    Kind("telegram_bot", HARMLESS_NAMES, lambda rng: (f"1234567:AA{chars(rng, ALNUM, 33)}", 10), plain=False),
    Kind("terraform", HARMLESS_NAMES, lambda rng: (f"{chars(rng, ALNUM, 14)}.atlasv1.{chars(rng, ALNUM, 67)}", 0)),
    Kind("azure_storage", HARMLESS_NAMES, _azure_storage, plain=False),
    Kind("slack_webhook", HARMLESS_NAMES, _slack_webhook, plain=False),
    Kind("jwt", (*HARMLESS_NAMES, "token", "id_token"), _jwt),
    Kind("private_key", (*HARMLESS_NAMES, "private_key"), _pem, plain=False, one_line=False),
    Kind("card", (*HARMLESS_NAMES, "card_number", "pan", "cardNumber"), _card, plain=False),
    Kind("sigv4_header", (*HARMLESS_NAMES, "Authorization"), _sigv4_header, plain=False),
    Kind("presigned_url", (*HARMLESS_NAMES, "url", "downloadUrl"), _presigned, plain=False),
    Kind("url_with_password", (*HARMLESS_NAMES, "DATABASE_URL", "dsn", "broker"), _url_with_password, plain=False),
    Kind("connection_string", (*HARMLESS_NAMES, "connectionString"), _connection_string, plain=False),
    Kind("basic", ("Authorization", "authorization", "Proxy-Authorization"), _basic, plain=False),
    Kind("digest", ("Authorization", "Proxy-Authorization"), _digest, tells_itself=False, plain=False),
    Kind("password", SECRET_NAMES, _password, tells_itself=False),
    Kind("password_again", SECRET_NAMES, _password, tells_itself=False),
    Kind("hard_password", SECRET_NAMES, _hard_password, tells_itself=False, plain=False),
    Kind("phrase", ("passphrase", "password", "secret", "recovery_phrase"), _phrase, tells_itself=False, plain=False),
    Kind("opaque_token", TOKEN_NAMES, lambda rng: (chars(rng, URLSAFE, rng.randint(20, 64)), 0), tells_itself=False),
    Kind("hex_token", TOKEN_NAMES, lambda rng: (chars(rng, HEX, rng.choice([32, 40, 64])), 0), tells_itself=False),
    Kind(
        "aws_secret_key",
        ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "secretAccessKey", "SecretAccessKey", "secret_key"),
        lambda rng: (chars(rng, BASE64, 40), 0),
        tells_itself=False,
    ),
    Kind(
        "aws_session_token_by_name",
        ("AWS_SESSION_TOKEN", "SessionToken", "sessionToken", "x-amz-security-token"),
        lambda rng: (chars(rng, BASE64, 300) + "==", 0),
        tells_itself=False,
    ),
    Kind(
        "signature",
        ("Signature", "X-Amz-Signature", "sig", "signature", "X-Hub-Signature-256", "hmac"),
        lambda rng: (chars(rng, HEX, 64), 0),
        tells_itself=False,
    ),
    Kind("session", ("JSESSIONID", "PHPSESSID", "sessionid", "connect.sid", "sid", "ASP.NET_SessionId"),
         lambda rng: (chars(rng, ALNUM, 32), 0), tells_itself=False),
    Kind("number", ("pin", "password", "passcode", "otp", "ssn", "secret"), _pin, tells_itself=False),
)  # fmt: skip


def aws_pair(rng: Random) -> tuple[Secret, Secret]:
    """A key id and, beside it under a name that says nothing, the secret that belongs to it."""
    return (
        Secret("aws_key_id", "first", "AKIA" + chars(rng, UPPER32, 16), tells_itself=True, public=4),
        Secret("aws_secret_beside", "second", chars(rng, BASE64, 40), tells_itself=True),
    )
