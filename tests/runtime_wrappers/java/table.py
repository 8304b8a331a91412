"""tests/scenarios' rows for Java's libraries: what these cannot do at all, and how their errors are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.scenarios import failures, table
from tests.scenarios.rows import OK, Ends, fails

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.scenarios.rows import Row, Scenario

IO = "IOException|SocketException|EOFException|StreamResetException|ConnectionShutdownException"
ERRORS = {
    failures.REFUSED: r"ConnectException|HttpHostConnectException|(AbstractChannel\$)?AnnotatedConnectException",
    failures.UNRESOLVED: "UnknownHostException|ConnectException|UnresolvedAddressException",
    failures.UNTRUSTED: "SSLHandshakeException|SSLPeerUnverifiedException|SSLException",
    failures.NOT_TLS: "SSLException|SSLHandshakeException|NotSslRecordException|ConnectException",
    failures.BROKEN_TLS: f"SSLException|SSLHandshakeException|{IO}",
    failures.BROKEN: f"{IO}|NoHttpResponseException|ConnectionClosedException|ClosedChannelException|SSLException",
    failures.BROKEN_BODY: f"{IO}|ProtocolException|ConnectionClosedException|TruncatedChunkException|SSLException",
    failures.GARBAGE: f"{IO}|ProtocolException|ClientProtocolException|NoHttpResponseException|HttpException"
    "|ParseException|H2ConnectionException",
    failures.TIMEOUT: "SocketTimeoutException|ConnectTimeoutException|HttpTimeoutException|HttpConnectTimeoutException"
    "|SSLHandshakeException|ReadTimeoutException|InterruptedIOException|ConnectException|TimeoutException",
    failures.REFUSED_BY_PROXY: f"{IO}|TunnelRefusedException|HttpProxyConnectException",
}

NO_FORKS = "a JVM never forks without exec"
NOT_AWS = "the AWS SDK's HTTP clients are driven here, not its services"
FAMILIES = ("HttpURLConnection", "apache", "netty", "okhttp", "java.net.http")
BY_AWS_OVER_JDK = ("aws-url-connection", "aws-url-connection-21", "aws-url-connection-17", "aws-url-connection-8")
OF_AWS = (*BY_AWS_OVER_JDK, "aws-apache", "aws-netty")
CONNECTIONS_TO_17 = ("HttpURLConnection-8", "aws-url-connection-8", "HttpURLConnection-17", "aws-url-connection-17")
CONNECTIONS_TO_21 = (*CONNECTIONS_TO_17, "HttpURLConnection-21", "aws-url-connection-21")
JAVA_11 = ("java.net.http-11", "java.net.http-async-11", "java.net.http-h2-11")
JAVA_21 = ("java.net.http-21", "java.net.http-async-21", "java.net.http-h2-21")
BEFORE_18 = (*JAVA_11, "java.net.http-17", "java.net.http-async-17", "java.net.http-h2-17")
APACHE_H2 = ("apache5-async-h2", "apache5-h2")
OF_SDK = dict.fromkeys(OF_AWS, "leaves that to the SDK above it")
NO_PROXIES = {"apache5-h2": "has no proxies"}
LIMITLESS = "opens as many connections as it needs"
NOT_POSSIBLE: dict[str, dict[str, str]] = {
    "fork": dict.fromkeys(FAMILIES, NO_FORKS),
    "multiprocessing_fork": dict.fromkeys(FAMILIES, NO_FORKS),
    "multiprocessing_spawn": dict.fromkeys(FAMILIES, NO_FORKS),
    "dynamodb": dict.fromkeys(FAMILIES, NOT_AWS),
    "sqs": dict.fromkeys(FAMILIES, NOT_AWS),
    "body_multipart": dict.fromkeys(FAMILIES, "encodes no forms"),
    "body_iterator": dict.fromkeys(OF_AWS, "must know the length at first"),
    "redirect": OF_SDK,
    "redirect_after_put": OF_SDK,
    "retry_after_503": {
        **OF_SDK,
        **dict.fromkeys(("HttpURLConnection", "okhttp", "java.net.http", "apache-async4"), "has no retries by status"),
    },
    "keep_alive": {"aws-netty": "gives a connection back after it has told that the call is over"},
    "proxy": {**NO_PROXIES, "aws-netty": "tunnels to all origins"},
    "proxy_407": {"aws-netty": "tunnels to all origins"},
    "garbage": {"aws-netty": "takes any line for an answer"},
    "retry_after_drop": {
        "apache-async4": "has no retries",
        "aws-apache": OF_SDK["aws-apache"],
        "aws-netty": OF_SDK["aws-netty"],
        "java.net.http-h2": "tries no stream again that was reset",
        "okhttp5-h2": "tries no stream again that was reset",
    },
    "expect_307": {
        **dict.fromkeys(BY_AWS_OVER_JDK, "fails at redirects of what was streamed"),
        "java.net.http": "asks for a Location in each 307",
    },
    "expect_417": {
        **dict.fromkeys(BY_AWS_OVER_JDK, "fails at any answer in place of 100"),
        **dict.fromkeys(BEFORE_18, "waits on for 100, beyond its own time-out"),
    },
    "tunnel": NO_PROXIES,
    "tunnel_untrusted": NO_PROXIES,
    "excluded_by_name": NO_PROXIES,
    "tunnel_407": {
        **NO_PROXIES,
        **dict.fromkeys(BY_AWS_OVER_JDK, "makes an answer of what HttpURLConnection throws"),
    },
    "non_ascii_url": {
        "HttpURLConnection": "sends what is no URL as it is",
        "java.net.http": "sends what is no URL as it is",
        "aws-netty": "sends what is no URL as it is",
        **dict.fromkeys(APACHE_H2, "sends what is no URL as it is"),
    },
    "expect_silence": {
        **dict.fromkeys(
            ("HttpURLConnection-8", "aws-url-connection-8", "aws-netty", *BEFORE_18, *JAVA_21),
            "fails when no 100 comes",
        ),
        **dict.fromkeys(("okhttp", *APACHE_H2), "waits for 100 without a limit of its own"),
    },
    "timeout_in_response_body": {
        "java.net.http": "has no time-out for bodies",
    },
    "early_hints": {
        "apache-async4": "fails at any 1xx but 100",
        **dict.fromkeys(CONNECTIONS_TO_17, "takes 103 for the answer, and waits for its end"),
        **dict.fromkeys(JAVA_11, "waits on behind 103, beyond its own time-out"),
    },
    "queue": {"HttpURLConnection": "has no pool", "okhttp": LIMITLESS, "java.net.http": LIMITLESS},
}
# It tries once more what has had no answer, and leaves a redirect's body to the connection.
TWICE = fails("response_head", failures.BROKEN) * 2
TWICE_BY_BOTH = dict.fromkeys(("HttpURLConnection", "java.net.http"), TWICE)
DIFFERS: dict[str, dict[str, tuple[Ends, ...]]] = {
    "redirect": dict.fromkeys(
        ("HttpURLConnection", "apache", "okhttp", "java.net.http"), (Ends(302, complete=None), OK)
    ),
    "redirect_after_put": dict.fromkeys(
        ("HttpURLConnection", "apache", "okhttp", "java.net.http"), (Ends(303, complete=None), OK)
    ),
    "retry_after_503": {"apache": (Ends(503, complete=None), OK)},
    "tunnel_407": {"apache": (Ends(407),), "java.net.http": (Ends(407, complete=None),)},
    # It tries each connect twice.
    "refused": {"java.net.http": fails("connect", failures.REFUSED) * 2},
    "dns_failure": {"java.net.http": fails("dns", failures.UNRESOLVED) * 2},
    "reset_before_response": {**TWICE_BY_BOTH, "java.net.http-h2": fails("response_head", failures.BROKEN)},
    # Some releases do not look: there the request's own limit ends it.
    "closed_before_response": {
        **TWICE_BY_BOTH,
        "java.net.http-h2": fails("response_head", f"{ERRORS[failures.BROKEN]}|HttpTimeoutException"),
    },
    "reset_in_response_head": {"HttpURLConnection": TWICE},
    "reset_in_request": {
        **dict.fromkeys(BY_AWS_OVER_JDK, fails("request", failures.BROKEN)),
        "HttpURLConnection": fails("request", failures.BROKEN) * 2,
        "java.net.http": fails("response_head", failures.BROKEN),  # what it sends goes on beside it
        "okhttp5-h2": fails("response_head", failures.BROKEN),
        # They look whether an answer has come before.
        **dict.fromkeys(("okhttp4", "okhttp5"), fails("response_head", failures.BROKEN)),
    },
    "expect_417": {"HttpURLConnection": (Ends(417, complete=None),)},
    "expect_307": {"HttpURLConnection": (Ends(307, complete=None),)},
    # Releases differ in which 1xx they take for the final answer.
    "early_hints": dict.fromkeys(("HttpURLConnection", "okhttp3", "aws-netty"), (Ends("client"),)),
    # All of it may have come before the user's code looks away: with its head, or soon after.
    "small_never_read": dict.fromkeys(
        ("HttpURLConnection", "java.net.http", "apache5-async", *APACHE_H2), (Ends(complete=None),)
    ),
    "closed_in_chunk": {"aws-netty": (Ends(complete=None),)},
    # Its own words, and classes of its own.
    "timeout_in_connect": {"aws-netty": fails("connect", "Throwable")},
    "timeout_in_tls": {"aws-netty": fails("tls", "SslHandshakeTimeoutException")},
    "timeout_in_response_head": {
        "aws-netty": fails("response_head", "IOException"),
        **dict.fromkeys(APACHE_H2, fails("response_head", "H2StreamResetException")),
    },
    "timeout_in_response_body": dict.fromkeys(APACHE_H2, fails("response_body", "H2StreamResetException", 200)),
    "closed_in_response_body": dict.fromkeys(CONNECTIONS_TO_21, (Ends(complete=False),)),
}


def possible(row: Row) -> dict[str, str]:
    """What HTTP/2 cannot do is the same in every language."""
    return {**of_http2(row.not_possible), **NOT_POSSIBLE.get(row.name, {})}


def of_http2(by_key: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in by_key.items() if key == "h2"}


def adapted(row: Scenario) -> Scenario:
    differs = {**of_http2(row.differs), **DIFFERS.get(row.name, {})}
    differs = {key: renamed(ends) for key, ends in differs.items()}
    return replace(row, not_possible=possible(row), ends=renamed(row.ends), differs=differs)


def renamed(ends: tuple[Ends, ...]) -> tuple[Ends, ...]:
    """With the names that errors have in Java."""
    return tuple(replace(end, fails=ERRORS.get(end.fails, end.fails)) for end in ends)


SCENARIOS = tuple(adapted(row) for row in table.SCENARIOS)
HANGS = tuple(replace(row, not_possible=possible(row)) for row in table.HANGS)
