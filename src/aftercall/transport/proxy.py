"""Which proxy leads to a URL: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as curl, Go and requests read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import percent_decoded

if TYPE_CHECKING:
    from collections.abc import Mapping


def proxy_for(scheme: str, host: str, port: int, environment: Mapping[str, str]) -> str:
    """The proxy's URL, or empty. Lower-case variables win, as in curl. Loopback is never proxied, as in Go."""
    if is_loopback(host) or _is_exempt(host, port, _variable(environment, "no_proxy")):
        return ""
    proxy = _variable(environment, f"{scheme}_proxy") or _variable(environment, "all_proxy")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    return host.lower() in {"localhost", "::1"} or host.startswith("127.")


def _variable(environment: Mapping[str, str], name: str) -> str:
    return (environment.get(name) or environment.get(name.upper(), "")).strip()


def _is_exempt(host: str, port: int, no_proxy: str) -> bool:
    host = host.lower().rstrip(".")
    return any(_matches(entry.strip().lower(), host, port) for entry in no_proxy.split(",") if entry.strip())


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _is_in_network(host, entry)
    name, colon, digits = entry.rpartition(":")
    if colon and digits.isdigit() and (":" not in name or name.endswith("]")):
        if int(digits) != port:
            return False
        entry = name
    entry = entry.strip("[]").removeprefix("*").lstrip(".")
    return host == entry or (bool(entry) and host.endswith(f".{entry}"))


def _is_in_network(host: str, network: str) -> bool:
    import ipaddress  # noqa: PLC0415 - only where NO_PROXY holds a network

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def basic(user_info: str) -> str:
    """The value of an Authorization header for `user:password` as it stands in a URL."""
    import binascii  # noqa: PLC0415 - only for URLs with user info

    plain = percent_decoded(user_info.replace("+", "%2B")).encode("utf-8")
    return "Basic " + binascii.b2a_base64(plain, newline=False).decode("ascii")
