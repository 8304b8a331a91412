"""Which proxy leads to a URL."""

import pytest

from aftercall.transport.proxy import proxy_for


@pytest.mark.parametrize(
    ("environment", "host", "expected"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "c.example", "http://p:1"),
        ({"https_proxy": "http://lower:1", "HTTPS_PROXY": "http://p:1"}, "c.example", "http://lower:1"),
        ({"HTTP_PROXY": "http://p:1"}, "c.example", ""),
        ({"ALL_PROXY": "p:1"}, "c.example", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".example"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "xample"}, "c.example", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "c.example:444"}, "c.example", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "c.example:443"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "10.1.2.3", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "fd00::/8,[::1]:443"}, "fd00::1", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "localhost", ""),
    ],
)
def test_the_proxy_of_an_https_url(environment: dict, host: str, expected: str) -> None:
    assert proxy_for("https", host, 443, environment) == expected
