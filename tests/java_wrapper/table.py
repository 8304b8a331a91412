"""tests/scenarios' rows for Java's libraries: what these cannot do at all, and how their errors are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.scenarios import failures, table
from tests.scenarios.rows import OK, Ends, fails

if TYPE_CHECKING:
    from tests.scenarios.rows import Hang, Scenario

IO = "IOException|SocketException|EOFException"
ERRORS = {
    failures.REFUSED: "ConnectException|HttpHostConnectException|AnnotatedConnectException",
    failures.UNRESOLVED: "UnknownHostException|ConnectException|UnresolvedAddressException",
    failures.UNTRUSTED: "SSLHandshakeException|SSLPeerUnverifiedException|SSLException",
    failures.NOT_TLS: "SSLException|SSLHandshakeException|NotSslRecordException|ConnectException",
    failures.BROKEN_TLS: f"SSLException|SSLHandshakeException|{IO}",
    failures.BROKEN: f"{IO}|NoHttpResponseException|ConnectionClosedException|ClosedChannelException|SSLException",
    failures.BROKEN_BODY: f"{IO}|ProtocolException|ConnectionClosedException|TruncatedChunkException|SSLException",
    failures.GARBAGE: f"{IO}|ProtocolException|ClientProtocolException|NoHttpResponseException|HttpException",
    failures.TIMEOUT: "SocketTimeoutException|ConnectTimeoutException|HttpTimeoutException|HttpConnectTimeoutException"
    "|ReadTimeoutException|InterruptedIOException|ConnectException|TimeoutException",
    failures.REFUSED_BY_PROXY: f"{IO}|TunnelRefusedException|HttpProxyConnectException",
}

NO_FORKS = "a JVM never forks without exec"
JAVA = ("HttpURLConnection",)
NOT_POSSIBLE: dict[str, dict[str, str]] = {
    "fork": dict.fromkeys(JAVA, NO_FORKS),
    "multiprocessing_fork": dict.fromkeys(JAVA, NO_FORKS),
    "multiprocessing_spawn": dict.fromkeys(JAVA, NO_FORKS),
    "dynamodb": dict.fromkeys(JAVA, "the AWS SDK's HTTP clients are driven here, not its services"),
    "sqs": dict.fromkeys(JAVA, "the AWS SDK's HTTP clients are driven here, not its services"),
    "body_multipart": {"HttpURLConnection": "encodes no forms"},
    "retry_after_503": {"HttpURLConnection": "has no retries by status"},
    "non_ascii_url": {"HttpURLConnection": "sends what is no URL as it is"},
    "expect_silence": {"HttpURLConnection-8": "fails when no 100 comes"},
    "early_hints": {"HttpURLConnection-8": "takes 103 for the answer, and waits for its end"},
    "queue": {"HttpURLConnection": "has no pool"},
}
# It tries once more what has had no answer, and leaves a redirect's body to the connection.
URL_TWICE = fails("response_head", failures.BROKEN) * 2
DIFFERS: dict[str, dict[str, tuple[Ends, ...]]] = {
    "redirect": {"HttpURLConnection": (Ends(302, complete=None), OK)},
    "redirect_after_put": {"HttpURLConnection": (Ends(303, complete=None), OK)},
    "reset_before_response": {"HttpURLConnection": URL_TWICE},
    "closed_before_response": {"HttpURLConnection": URL_TWICE},
    "reset_in_response_head": {"HttpURLConnection": URL_TWICE},
    "reset_in_request": {"HttpURLConnection": fails("request", failures.BROKEN) * 2},
    "expect_417": {"HttpURLConnection": (Ends(417, complete=None),)},
    "expect_307": {"HttpURLConnection": (Ends(307, complete=None),)},
    # Releases differ in which 1xx they take for the final answer.
    "early_hints": {"HttpURLConnection": (Ends("client"),)},
    "closed_in_response_body": {"HttpURLConnection-8": (Ends(complete=False),)},
}


def adapted(row: Scenario | Hang) -> Scenario | Hang:
    changed = replace(row, not_possible=NOT_POSSIBLE.get(row.name, {}))
    if not hasattr(row, "ends"):
        return changed
    differs = DIFFERS.get(row.name, {})
    return replace(  # type: ignore[call-arg]  # a Scenario, as the line above says
        changed,
        ends=tuple(renamed(end) for end in row.ends),
        differs={key: tuple(renamed(end) for end in ends) for key, ends in differs.items()},
    )


def renamed(end: Ends) -> Ends:
    return replace(end, fails=ERRORS.get(end.fails, end.fails))


SCENARIOS = tuple(adapted(row) for row in table.SCENARIOS)
HANGS = tuple(adapted(row) for row in table.HANGS)
