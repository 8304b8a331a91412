"""URLs of every shape, taken apart."""

import pytest

from aftercall.formats.urls import Url, percent_decoded


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("HTTPS://Host/path?q#f", ("https", "", "Host", "Host", 443, "/path?q")),
        ("http://u:p%40@h:8080?x=/@", ("http", "u:p%40", "h:8080", "h", 8080, "?x=/@")),
        ("http://[::1]:81/", ("http", "", "[::1]:81", "::1", 81, "/")),
        ("http://[::1]", ("http", "", "[::1]", "::1", 80, "")),
        ("http://::1/", ("http", "", "::1", "::1", 80, "/")),
        ("http://h:65536/", ("http", "", "h:65536", "h", None, "/")),
        ("http://h:port/", ("http", "", "h:port", "h", None, "/")),
        ("ftp://h/", ("ftp", "", "h", "h", None, "/")),
        ("h:80/path", ("", "", "", "", None, "")),
        ("", ("", "", "", "", None, "")),
    ],
)
def test_the_parts_of_a_url(url: str, parts: tuple) -> None:
    found = Url(url)
    assert (found.scheme, found.user_info, found.authority, found.host, found.port_number(), found.target) == parts


@pytest.mark.parametrize(
    ("coded", "plain"), [("%41+b", "A b"), ("%C3%A9", "é"), ("%zz%4", "%zz%4"), ("%ff", "\ufffd"), ("100%", "100%")]
)
def test_percent_coding(coded: str, plain: str) -> None:
    assert percent_decoded(coded) == plain
