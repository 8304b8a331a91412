"""URLs and percent-coding by string methods: `urllib.parse` would import `re`."""

from __future__ import annotations

PORTS = {"http": 80, "https": 443}
_HEX = "0123456789abcdefABCDEF"


class Url:
    """The parts of a URL as they are written; empty if missing.

    `authority` is host and port, `host` has no brackets, `target` is path and query.
    """

    __slots__ = ("authority", "host", "port", "scheme", "target", "user_info")

    def __init__(self, url: str) -> None:
        scheme, separator, rest = url.partition("#")[0].partition("://")
        authority = rest.partition("/")[0].partition("?")[0]
        self.scheme = scheme.lower() if separator else ""
        self.target = rest[len(authority) :]
        self.user_info, _, self.authority = authority.rpartition("@")
        self.host, self.port = _host_and_port(self.authority)

    def port_number(self) -> int | None:
        """The port, by default the scheme's; None if it is not valid."""
        if not self.port:
            return PORTS.get(self.scheme)
        is_number = self.port.isascii() and self.port.isdigit() and len(self.port) <= 5
        return int(self.port) if is_number and 0 < int(self.port) < 65_536 else None


def bracketed(host: str) -> str:
    """The host as it is written in a URL."""
    return f"[{host}]" if ":" in host else host


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, _, after = authority[1:].partition("]")
        return host, after.removeprefix(":")
    host, _, port = authority.partition(":")
    return (authority, "") if ":" in port else (host, port)  # an IPv6 address without its brackets


def shortened(url: str, length: int) -> str:
    """The scheme goes first, then the host loses its begin, the path last: its end is what distinguishes calls.

    For `bucket/key` as for `host/path`.
    """
    if len(url) > length:
        url = url.partition("://")[2] or url
    if len(url) <= length:
        return url
    host, slash, path = url.partition("/")
    rest = slash + path
    kept = length - len(rest)
    if kept > 1:
        return "…" + host[len(host) - kept + 1 :] + rest
    return "…" + rest[max(0, len(rest) - length + 1) :]


def percent_decoded(text: str) -> str:
    """`%41+b` -> `A b`, as in forms. Bytes that are not UTF-8 are replaced."""
    if "%" not in text:
        return text.replace("+", " ")
    first, *others = text.replace("+", " ").encode("utf-8", "surrogatepass").split(b"%")
    found = [first]
    for piece in others:
        digits = piece[:2].decode("latin-1")
        if len(digits) == 2 and not digits.strip(_HEX):
            found.append(bytes((int(digits, 16),)) + piece[2:])
        else:
            found.append(b"%" + piece)
    return b"".join(found).decode("utf-8", "replace")
