"""Texts made to be slow: each would be quadratic or worse for a scanner that is careless in one place."""

from __future__ import annotations


def texts(size: int) -> dict[str, bytes]:
    """About `size` bytes each."""

    def repeated(piece: bytes) -> bytes:
        return piece * (size // len(piece))

    def numbered(form: str) -> bytes:
        return "".join(form.format(n) for n in range(size // len(form))).encode()

    half = size // 2
    return {
        "quotes": repeated(b'"'),
        "apostrophes": repeated(b"'"),
        "backslashes": repeated(b"\\"),
        "backslashes and a quote": repeated(b"\\") + b'"',
        "escaped newlines": repeated(b"\\n"),
        "backslashes before a newline": repeated(b"\\") + b"n",
        "a name and backslashes": b'"password":' + repeated(b"\\") + b'"x',
        "escaped slashes": repeated(b"\\") + b"/",
        "escapes": repeated(b"\\u0061"),
        "backslashes before an escape": repeated(b"\\") + b"u0061",
        "objects": b'{"a":' * (size // 5),
        "arrays": b"[" * half + b"]" * half,
        "objects under a name": b'{"password":' * (size // 12),
        "arrays under a name": b'{"password":[' * (size // 13),
        "open strings under names": repeated(b'"password":"'),
        "open elements": repeated(b"<password>"),
        "open tags": repeated(b"<password "),
        "tags with quotes": repeated(b'<password a="'),
        "elements of many names": numbered("<password{0}>"),
        "names without values": repeated(b"password=&"),
        "authorization without values": repeated(b"authorization=&"),
        "many names": numbered('"secret{0}x":"v",'),
        "pairs": repeated(b'{"name":"password","x":1},'),
        "pairs with open values": repeated(b'"value":"x","name":"password",'),
        "attributes": repeated(b'name="password" '),
        "multipart heads": repeated(b'name="password"\r\nx: y\r\n'),
        "one long word": repeated(b"a"),
        "one long word of names": repeated(b"password"),
        "words that are base64": numbered("eyJwYXNzd29yZCI6{0:08}IHsK "),
        "one run of base64": repeated(b"eyJhIjogMX0K"),
        "pieces of base64": repeated(b"eyJhIjogMX0K/eyJhIjogMX0K+"),
        "percent signs": repeated(b"%"),
        "percent codes": repeated(b"%41"),
        "percent coded percent signs": repeated(b"%2525252541"),
        "a percent code behind a long word": repeated(b"a") + b"%41",
        "digits": repeated(b"4"),
        "digits and blanks": repeated(b"4 4-"),
        "card numbers": repeated(b"4111 1111 1111 1111 "),
        "addresses": repeated(b"http://a:"),
        "address ends": repeated(b"://a:b"),
        "at signs": repeated(b"a@"),
        "schemes": repeated(b"bearer "),
        "schemes and blanks": b"bearer" + repeated(b" "),
        "schemes and plus signs": b"bearer" + repeated(b"+") + b"!",
        "tokens": numbered("ghp_{0:036} "),
        "key ids": repeated(b"AKIAABCDEFGHIJKLMNOP "),
        "a key id and many keys": b"AKIAABCDEFGHIJKLMNOP " + numbered("aB/dE+gHiJkLmNoPqRsTuVwXyZ0123{0:010} "),
        "key heads": repeated(b"-----BEGIN PRIVATE KEY-----"),
        "cookie without a sign": b'"cookie":"' + repeated(b"a") + b'"',
        "cookies": b'"cookie":"' + repeated(b"a=b;") + b'"',
        "session tokens": repeated(b"IQoJb3Jp"),
        "entities": repeated(b"&amp;lt;"),
        "coded elements": repeated(b"&lt;password&gt;"),
        "blanks after a name": repeated(b'"password"   '),
        "zero bytes": repeated(b"\0"),
        "bytes of no encoding": repeated(b"\xff\xfe"),
        "lines": repeated(b"password:\n"),
    }  # fmt: skip
