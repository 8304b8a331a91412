"""Which names of headers, keys and parameters mean secrets.

A name is cut into its words (at case changes, digits and punctuation), so `dbPassword`, `DB_PASSWORD` and `db-password`
are the same, and `keyboard`, `monkey` and `passenger` do not match. Names without any boundary (`dbpassword`,
`secretkey`) are found by parts that are in no other English word.
"""

from __future__ import annotations

FOREIGN = (
    "contraseña", "hasło", "lösenord", "şifre", "mật khẩu", "пароль", "пароля", "κωδικός", "סיסמה", "סיסמא",
    "كلمة المرور", "كلمة السر", "รหัสผ่าน", "密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호",
)  # fmt: skip
"""Names in letters beyond ASCII's; in texts they are found by foreign_names.py."""

_WORDS = frozenset(
    {
        "password", "passwords", "passwd", "pwd", "pw", "passphrase", "passcode", "pass", "secret", "secrets",
        "credential", "credentials", "creds", "signature", "authorization", "cookie", "cookies", "jwt", "bearer",
        "otp", "cvv", "cvc", "ssn", "apikey", "apikeys", "accesskey", "secretkey", "privatekey", "sessionid",
        "authtoken", "hmac", "csrf", "xsrf", "passwort", "mnemonic", "sessid", "phpsessid", "jsessionid", "sid", "iban",
        "pincode", "userpass", "dbpass", "bearertoken", "cred", "totp", "salt", "pswd", "dbpw", "psk", "requirepass",
        "masterauth", "bindpw", "kennwort", "contrasena", "senha", "wachtwoord", "haslo",
    }
)  # fmt: skip

# Parts of names without boundaries.
_PARTS = (
    "password",
    "passwd",
    "passphrase",
    "secret",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
    "sessionid",
    "sessionkey",
    "authtoken",
    "accesstoken",
    "idtoken",
    "refreshtoken",
    "sessiontoken",
    "securitytoken",
    "accountkey",
    "identitytoken",
    "honeycombteam",
    "motdepasse",
)

# Two words side by side in a name.
_PAIRS = frozenset(
    {
        ("api", "key"),
        ("api", "keys"),
        ("access", "key"),
        ("access", "keys"),
        ("private", "key"),
        ("secret", "key"),
        ("encryption", "key"),
        ("master", "key"),
        ("account", "key"),
        ("auth", "key"),
        ("functions", "key"),
        ("subscription", "key"),
        ("ssh", "key"),
        ("signing", "key"),
        ("hmac", "key"),
        ("storage", "key"),
        ("license", "key"),
        ("deploy", "key"),
        ("host", "key"),
        ("shared", "key"),
        ("server", "key"),
        ("recovery", "phrase"),
        ("seed", "phrase"),
        ("pass", "phrase"),
        ("card", "number"),
        ("security", "code"),
        ("account", "number"),
        ("session", "id"),
        ("session", "key"),
        ("session", "cookie"),
        ("auth", "code"),
        ("pin", "code"),
        ("mfa", "code"),
        ("verification", "code"),
        ("confirmation", "code"),
        ("reset", "code"),
        ("recovery", "code"),
        ("recovery", "codes"),
        ("backup", "codes"),
        ("code", "verifier"),
        ("client", "assertion"),
        ("client", "key"),
        ("insert", "key"),
        ("apollo", "key"),
        ("api", "sign"),
        ("device", "code"),
        ("access", "code"),
        ("unlock", "code"),
        ("security", "number"),
        ("tax", "id"),
        ("tax", "number"),
        ("national", "id"),
        ("passport", "number"),
    }
)

# The whole name.
_WHOLE = frozenset(
    {"session", "auth", "pin", "sig", "pan", "connectsid", "subscriptionkey", "assertion", "samlresponse", "samlart"}
)

# A name that ends with one of these says something about a secret: its value is not secret.
_ABOUT = frozenset(
    {
        "at", "length", "count", "policy", "type", "enabled", "required", "strength", "expiry", "expires", "expiration",
        "expired", "ttl", "age", "url", "uri", "endpoint", "arn", "version", "algorithm", "status", "valid", "method",
        "size", "limit", "format", "field", "date", "time", "label", "placeholder", "min", "max", "ids", "prefix",
        "error", "header", "table", "bucket", "queue", "topic", "file", "path", "dir", "folder", "role", "param",
        "name", "exists", "hint", "help", "attempts", "retries", "rotation", "scope", "scopes", "provider", "source",
        "verified", "changed", "updated", "created", "mode", "region", "usage", "in",
    }
)  # fmt: skip

# `max_tokens`, `token_type`, `nextToken`: counts, kinds and places in a list.
_HARMLESS_BESIDE_TOKEN = frozenset(
    {
        "max", "min", "count", "counts", "type", "limit", "usage", "total", "used", "prompt", "completion", "input",
        "output", "next", "previous", "page", "pagination", "continuation",
    }
)  # fmt: skip

_QUERY = frozenset({"awsaccesskeyid", "key", "code", "access", "subscription-key"})

_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "authentication-info",
        "cookie",
        "set-cookie",
        "cookie2",
        "x-api-key",
        "api-key",
        "apikey",
        "x-amz-security-token",
        "x-amz-server-side-encryption-customer-key",
        "x-amz-copy-source-server-side-encryption-customer-key",
        "x-vault-token",
        "x-goog-api-key",
        "dd-api-key",
        "x-honeycomb-team",
    }
)

_known: dict[str, bool] = {}
_MAX_KNOWN = 2048
_MAX_KNOWN_CHARS = 128
"""The longest name that is remembered."""


def is_secret_name(name: str) -> bool:
    """For keys in JSON, forms and query strings."""
    known = _known.get(name)
    if known is None:
        known = _judge(name) or (not name.isascii() and any(foreign in name.lower() for foreign in FOREIGN))
        if len(_known) < _MAX_KNOWN and len(name) <= _MAX_KNOWN_CHARS:
            _known[name] = known
    return known


def is_secret_parameter(name: str) -> bool:
    """For query strings, where `key` and `code` carry API keys and OAuth codes; in JSON anything has such names."""
    return name.lower() in _QUERY or is_secret_name(name)


def is_secret_header(name: str) -> bool:
    lower = name.lower()
    return lower in _HEADERS or (lower.startswith("x-") and "auth" in words_of(name)) or is_secret_name(name)


def _judge(name: str) -> bool:
    words = words_of(name)
    if not words:
        return False
    if words[0] == "x":  # as names of headers begin
        words = words[1:] or words
    squeezed = "".join(words).replace("secretar", "").replace("secretsmanager", "")  # secretary, secretariat
    if len(words) > 1 and (words[-1] in _ABOUT or words[0] in {"invalid", "missing"}):  # `invalid_token` is an answer
        return False
    if words[-2:] in (["key", "id"], ["token", "id"], ["signing", "cert"]) or (
        words[0] == "public" and words[-1] == "key"
    ):
        return False
    if squeezed in _WHOLE or any(part in squeezed for part in _PARTS):
        return True
    if ("token" in words or "tokens" in words) and _HARMLESS_BESIDE_TOKEN.isdisjoint(words):
        return True
    pairs = {(words[i], words[i + 1]) for i in range(len(words) - 1)}
    return not _WORDS.isdisjoint(words) or not _PAIRS.isdisjoint(pairs)


def words_of(name: str) -> list[str]:
    """`AWSSecretAccessKey2` -> aws, secret, access, key."""
    words: list[str] = []
    current = ""
    for position, letter in enumerate(name):
        if not letter.isalpha():
            current = _close(words, current)
            continue
        follows_lower = current and current[-1].islower()
        before_lower = current and name[position + 1 : position + 2].islower()
        if letter.isupper() and (follows_lower or before_lower):
            current = _close(words, current)
        current += letter
    _close(words, current)
    return [word.lower() for word in words]


def _close(words: list[str], current: str) -> str:
    if current:
        words.append(current)
    return ""
