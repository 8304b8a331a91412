"""What fails: in each stage, by refusal, reset, end of file, nonsense and time-out."""

from __future__ import annotations

from . import scripts
from .rows import H2_FRAMES, HUGE, Ends, Scenario, fails, put
from .scripts import answer, cut, http
from .sites import Behaviour

CANCELLED = "ERR_HTTP2_STREAM_CANCEL"  # http2's streams when their session fails
# The names that an error has in http.client, urllib3, httpcore and aiohttp, then its codes in Node.js.
REFUSED = "ConnectionRefusedError|NewConnectionError|ConnectError|ClientConnectorError|ECONNREFUSED|" + CANCELLED
UNRESOLVED = (
    "gaierror|NameResolutionError|NewConnectionError|ConnectError|ClientConnectorDNSError|ClientConnectorError"
    "|ENOTFOUND|EAI_AGAIN|" + CANCELLED
)
UNTRUSTED = (
    "SSLCertVerificationError|CertificateError|SSLError|ConnectError|ClientConnectorCertificateError"
    "|UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_TLS_CERT_ALTNAME_INVALID|" + CANCELLED
)
NOT_TLS = (
    "SSLError|ConnectError|ClientConnectorSSLError|EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)|"
    + CANCELLED
)
BROKEN_TLS = "ConnectionResetError|ConnectError|ClientConnectorError|ClientOSError|ECONNRESET|" + CANCELLED
BROKEN = (
    "ConnectionResetError|BrokenPipeError|RemoteDisconnected|ReadError|WriteError|RemoteProtocolError|ClientOSError"
    "|ServerDisconnectedError|ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_HTTP2_STREAM_(ERROR|CANCEL)"
)
BROKEN_BODY = (
    "ConnectionResetError|IncompleteRead|ProtocolError|ReadError|RemoteProtocolError|ClientPayloadError"
    "|ECONNRESET|UND_ERR_SOCKET"
)
GARBAGE = (
    "BadStatusLine|RemoteProtocolError|LocalProtocolError|ClientResponseError"
    "|HPE_INVALID_[A-Z]+|HTTPParserError|ERR_HTTP2_ERROR"
)
TIMEOUT = (
    "(Connect|Read|Connection|Socket|Headers|Body)?TimeoutError|timeout|ConnectTimeout|ReadTimeout"
    "|ETIMEDOUT|ERR_CANCELED|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|23"
)
REFUSED_BY_PROXY = "OSError|ProxyError|ClientHttpProxyError|UND_ERR_ABORTED|AbortError|RequestAbortedError"

WAITS_ON = "waits on when a body ends too early"
OWN_WORDS = dict.fromkeys(("node-fetch", "superagent"), "puts its own error in place of the connection's")
OWN_CODE = {"aws-sdk-2": "writes a code of its own over the error's"}
GOES_ON = {**OWN_WORDS, **OWN_CODE, "fetch": "goes on connecting when its signal has fired"}
# aiohttp tries an idempotent request once more when the connection breaks.
AIOHTTP_TWICE = {stage: {"aiohttp": fails(stage, BROKEN) * 2} for stage in ("request", "response_head")}

FAILURES = (
    Scenario("refused", http(answer()), ends=fails("connect", REFUSED), url="{refused}/{name}/key"),
    Scenario(
        "dns_failure",
        http(answer()),
        ends=fails("dns", UNRESOLVED),
        url="{scheme}://no-such-host.invalid:{port}/{name}/key",
    ),
    Scenario(
        "tls_untrusted",
        http(answer(), trusted=False),
        ends=fails("tls", UNTRUSTED),
        tls=True,
        not_possible=OWN_CODE,
    ),
    Scenario("tls_wrong_host", http(answer(), certificate="other.test"), ends=fails("tls", UNTRUSTED), tls=True),
    Scenario(
        "tls_not_tls",
        Behaviour(on_connection=scripts.speaks_plainly),
        ends=fails("tls", NOT_TLS),
        tls=True,
        not_possible=OWN_CODE,
    ),
    Scenario("reset_in_tls", Behaviour(on_connection=scripts.reset_in_tls), ends=fails("tls", BROKEN_TLS), tls=True),
    Scenario(
        "reset_in_request",
        http(scripts.reset_in_request),
        ends=fails("request", BROKEN),
        by_chance=True,
        request=put("bytes", HUGE),
        # These swallow the error in sending, in case that a response has come already, and fail in looking for one.
        differs={
            **AIOHTTP_TWICE["request"],
            **dict.fromkeys(("urllib3", "boto3", "httpcore"), fails("response_head", BROKEN)),
            "h2": fails("request", BROKEN),
        },
    ),
    Scenario(
        "reset_before_response",
        http(scripts.reset_unanswered),
        ends=fails("response_head", BROKEN),
        differs=AIOHTTP_TWICE["response_head"],
    ),
    Scenario(
        "closed_before_response",
        http(scripts.close_unanswered),
        ends=fails("response_head", BROKEN),
        differs=AIOHTTP_TWICE["response_head"],
        not_possible=OWN_CODE,
    ),
    Scenario(
        "reset_in_response_head",
        http(scripts.reset_in_head),
        ends=fails("response_head", BROKEN),
        differs=AIOHTTP_TWICE["response_head"],
        not_possible={"h2": H2_FRAMES},
    ),
    Scenario(
        "reset_in_response_body",
        http(cut(20_000, 5000, reset=True)),
        ends=fails("response_body", BROKEN_BODY, 200),
        not_possible=OWN_CODE,
    ),
    Scenario(
        "closed_in_response_body",
        http(cut(20_000, 5000)),
        ends=fails("response_body", BROKEN_BODY, 200),
        differs={"http2": (Ends(complete=None),)},  # Node.js takes it for the end
        not_possible=dict.fromkeys(("node-fetch-2", "aws-sdk-2"), WAITS_ON),
    ),
    Scenario(
        "closed_in_chunk",
        http(cut(20_000, 5000, framing="chunked")),
        ends=fails("response_body", BROKEN_BODY, 200),
        not_possible={"node-fetch": OWN_WORDS["node-fetch"], "h2": H2_FRAMES, "aws-sdk-2": WAITS_ON},
    ),
    Scenario(
        "garbage",
        http(scripts.garbage),
        ends=fails("response_head", GARBAGE),
        not_possible={**OWN_CODE, "http2": "Node.js 18 never tells its user"},
    ),
    Scenario(
        "timeout_in_connect",
        scripts.NEVER_ACCEPTS,
        ends=fails("connect", TIMEOUT),
        session={"timeout": 0.8},
        not_possible={**GOES_ON, "aws-sdk-3": OWN_WORDS["node-fetch"]},
    ),
    Scenario(
        "timeout_in_tls",
        Behaviour(on_connection=scripts.never_tls),
        ends=fails("tls", TIMEOUT),
        tls=True,
        session={"timeout": 0.8},
        not_possible=GOES_ON,
    ),
    Scenario(
        "timeout_in_response_head",
        http(scripts.silent),
        ends=fails("response_head", TIMEOUT),
        session={"timeout": 0.8},
        not_possible={**OWN_WORDS, **OWN_CODE},
    ),
    Scenario(
        "timeout_in_response_body",
        http(scripts.silent_in_body),
        ends=fails("response_body", TIMEOUT, 200),
        session={"timeout": 0.8},
        not_possible={**OWN_WORDS, **OWN_CODE},
    ),
)
