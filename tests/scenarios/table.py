"""The scenarios, as data: what the client does, what the server does, and which records must come of it.

One table for all libraries. Where a library cannot do a thing at all, `not_possible` says why, by the library's name,
its family or its wire (h2). Everything else that differs between libraries is what the server saw or what the client
raised, and is checked against these, not written down here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import scripts
from .scripts import answer, cut, http, one_after_another
from .sites import Behaviour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .exchange import Exchange
    from .libraries import Library

LARGE = 300_000
HUGE = 10_000_000  # more than the buffers of both ends hold


@dataclass(frozen=True)
class Ends:
    """How one record ends. `status` None: no response; "client": the one that the client saw."""

    status: int | str | None = 200
    stage: str = "response_body"
    fails: bool = False
    complete: bool = True


OK = Ends()
STORED = answer(size=0)  # S3 takes any text after a PUT for an error
PUT_BYTES: dict[str, Any] = {"method": "PUT", "body": {"kind": "bytes", "size": 2000}}
H2_FRAMES = "HTTP/2 frames bodies in one way only"
NO_REDIRECTS = dict.fromkeys(("http.client", "boto3", "httpcore-sync", "httpcore-async"), "follows no redirects")
NO_RETRIES = {
    "http.client": "has no retries",
    "urllib": "has no retries",
    "httpcore": "retries to connect, never a request",
}
NOT_AWS = dict.fromkeys(("http.client", "urllib", "urllib3", "httpcore", "aiohttp"), "speaks no AWS protocol")


@dataclass(frozen=True, eq=False)
class Row:
    """What scenarios and hangs have in common. Texts may name {base}, {scheme}, {port}, {name}, {ack} and {refused}."""

    name: str
    behaviour: Behaviour
    verb: str = "once"
    count: int = 1
    tls: bool = False
    url: str = "{base}/{name}/key"
    request: Mapping[str, Any] = field(default_factory=dict)
    session: Mapping[str, Any] = field(default_factory=dict)
    not_possible: Mapping[str, str] = field(default_factory=dict)

    def reason_against(self, library: Library) -> str | None:
        """Why this library cannot do it; None where it can."""
        if self.verb == "gather" and not library.is_async:
            return "has no coroutines"
        return next((self.not_possible[key] for key in library.keys if key in self.not_possible), None)


@dataclass(frozen=True, eq=False)
class Scenario(Row):
    """What goes its way to the end: one record for each of `ends`, in order."""

    ends: tuple[Ends, ...] = (OK,)
    connections: int | None = None
    bodies: bool = True
    differs: Mapping[str, tuple[Ends, ...]] = field(default_factory=dict)

    def ends_for(self, library: Library) -> tuple[Ends, ...]:
        return next((self.differs[key] for key in library.keys if key in self.differs), self.ends)


@dataclass(frozen=True, eq=False)
class Hang(Row):
    """What never ends: the function is killed while its call waits in the stage that is the row's name."""

    @property
    def stage(self) -> str:
        return self.name


def fails(stage: str, status: int | None = None) -> tuple[Ends, ...]:
    return (Ends(status=status, stage=stage, fails=True, complete=False),)


def empty(status: int) -> scripts.OnRequest:
    """A response that has no body by its nature."""

    async def script(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.respond(status, scripts.TEXT, framing="none")

    return script


def headers_of(size: int) -> scripts.OnRequest:
    """What HEAD is answered with: the length of a body that does not come."""

    async def script(exchange: Exchange) -> None:
        await exchange.head(200, scripts.TEXT, length=size)
        await exchange.end()

    return script


def put(kind: str, size: int, **more: Any) -> dict[str, Any]:
    return {"method": "PUT", "body": {"kind": kind, "size": size}, **more}


PLAIN = (
    Scenario("content_length", http(answer())),
    Scenario("over_tls", http(answer()), tls=True),
    Scenario(
        "query", http(answer()), url="{base}/{name}/key?a=1&b=%20c", not_possible={"boto3": "makes its urls itself"}
    ),
    Scenario("chunked", http(answer(framing="chunked")), not_possible={"h2": H2_FRAMES}),
    Scenario("gzip", http(answer(zipped=True))),
    Scenario("gzip_chunked", http(answer(zipped=True, framing="chunked")), not_possible={"h2": H2_FRAMES}),
    Scenario("no_body", http(answer(size=0))),
    Scenario("no_content", http(empty(204)), ends=(Ends(204),)),
    Scenario("not_modified", http(empty(304)), ends=(Ends(304),)),
    Scenario("head", http(headers_of(2000)), request={"method": "HEAD"}),
    Scenario("delete", http(empty(204)), ends=(Ends(204),), request={"method": "DELETE"}),
    Scenario("http_1_0", http(scripts.http10), not_possible={"h2": H2_FRAMES}),
    Scenario("until_close", http(scripts.until_close), not_possible={"h2": H2_FRAMES}),
    Scenario("not_found", http(answer(404)), ends=(Ends(404),)),
    Scenario("server_error", http(answer(500)), ends=(Ends(500),)),
    Scenario(
        "non_ascii_url",
        http(answer()),
        url="{base}/{name}/kéy-ß",
        not_possible=dict.fromkeys(
            ("http.client", "urllib", "httpcore-sync", "httpcore-async"), "takes ASCII urls alone"
        ),
    ),
    Scenario(
        "dynamodb", http(answer(size=0)), ends=(OK,), url="{base}/", request={"aws": "dynamodb"}, not_possible=NOT_AWS
    ),
    Scenario("sqs", http(answer(size=0)), ends=(OK,), url="{base}/", request={"aws": "sqs"}, not_possible=NOT_AWS),
)

SEVERAL = (
    Scenario(
        "keep_alive",
        http(answer()),
        ends=(OK, OK, OK),
        verb="in_turn",
        count=3,
        connections=1,
        not_possible={"urllib": "closes each connection"},
    ),
    Scenario(
        "connection_closed",
        http(answer(framing="close")),
        ends=(OK, OK),
        verb="in_turn",
        count=2,
        not_possible={"h2": H2_FRAMES},
    ),
    Scenario(
        "redirect",
        http(one_after_another(scripts.redirect(302), answer())),
        ends=(Ends(302), OK),
        not_possible=NO_REDIRECTS,
    ),
    Scenario(
        "redirect_after_put",
        http(one_after_another(scripts.redirect(303), answer())),
        ends=(Ends(303), OK),
        request=PUT_BYTES,
        not_possible={**NO_REDIRECTS, "urllib": "follows none after PUT"},
    ),
    Scenario(
        "retry_after_503",
        http(one_after_another(answer(503), answer())),
        ends=(Ends(503), OK),
        session={"retries": 1},
        not_possible={**NO_RETRIES, "aiohttp": "has no retries by status"},
    ),
    Scenario(
        "retry_after_drop",
        http(one_after_another(answer(), scripts.close_unanswered, answer())),
        ends=(OK, *fails("response_head"), OK),
        verb="in_turn",
        count=2,
        session={"retries": 1},
        not_possible=NO_RETRIES,
    ),
    Scenario("threads", http(answer()), ends=(OK,) * 20, verb="threads", count=20),
    Scenario("gather", http(answer()), ends=(OK,) * 20, verb="gather", count=20),
    Scenario("fork", http(answer()), ends=(OK,) * 3, verb="fork"),
    Scenario("multiprocessing_fork", http(answer()), verb="multiprocessing_fork"),
    # Nothing is exported, so a fresh interpreter is not watched: its call reaches the server and leaves no record.
    Scenario("multiprocessing_spawn", http(answer()), ends=(), verb="multiprocessing_spawn"),
)

INFORMATIONAL = (
    Scenario(
        "expect_100", http(scripts.continues(STORED)), request=put("bytes", 2000, headers={"Expect": "100-continue"})
    ),
    Scenario(
        "expect_417",
        http(scripts.refuses_body(417, scripts.TEXT)),
        ends=(Ends(417),),
        request=put("bytes", 2000, headers={"Expect": "100-continue"}),
    ),
    Scenario(
        "expect_307",
        http(scripts.refuses_body(307, scripts.TEXT)),
        ends=(Ends(307),),
        request=put("bytes", 2000, headers={"Expect": "100-continue"}),
        not_possible={"boto3": "takes it for a bucket in another region, and asks around without end"},
    ),
    Scenario(
        "expect_silence",
        http(STORED),
        request=put("bytes", 2000, headers={"Expect": "100-continue"}),
        not_possible={"aiohttp": "waits for 100 without a limit"},
    ),
    Scenario(
        "early_hints",
        http(scripts.early_hints(answer())),
        # http.client takes every 1xx but 100 for the final response.
        differs=dict.fromkeys(("http.client", "urllib", "urllib3", "boto3"), (Ends("client"),)),
    ),
)

BODIES = (
    Scenario("body_bytes", http(scripts.continues(STORED)), request=put("bytes", 2000)),
    Scenario(
        "body_file",
        http(scripts.continues(STORED)),
        request=put("file", 9000),
        not_possible=dict.fromkeys(
            ("httpx-async", "httpx-async-h2", "httpcore-async"), "takes async iterators, not files"
        ),
    ),
    Scenario(
        "body_iterator",
        http(STORED),
        request=put("iterator", 9000),
        not_possible={"boto3": "must know the length at first"},
    ),
    Scenario(
        "body_multipart",
        http(STORED),
        request={"method": "PUT", "multipart": {"note": ["note.txt", "hello"]}},
        not_possible=dict.fromkeys(
            ("http.client", "urllib", "boto3", "httpcore-sync", "httpcore-async"), "encodes no forms"
        ),
    ),
    Scenario("body_large", http(scripts.continues(STORED)), request=put("bytes", LARGE)),
    Scenario("large_whole", http(answer(size=LARGE))),
    Scenario("large_streamed", http(answer(size=LARGE)), request={"reading": "stream"}),
    Scenario("large_partly", http(answer(size=10 * LARGE)), ends=(Ends(complete=False),), request={"reading": "part"}),
    Scenario(
        "large_never_read", http(answer(size=10 * LARGE)), ends=(Ends(complete=False),), request={"reading": "unread"}
    ),
    Scenario("small_never_read", http(answer()), ends=(Ends(complete=False),), request={"reading": "unread"}),
    Scenario("server_sent_events", http(scripts.events(4)), request={"reading": "stream", "ack": "{ack}"}),
)

# aiohttp tries an idempotent request once more when the connection breaks.
AIOHTTP_TWICE = {stage: {"aiohttp": fails(stage) * 2} for stage in ("request", "response_head")}

FAILURES = (
    Scenario("refused", http(answer()), ends=fails("connect"), url="{refused}/{name}/key"),
    Scenario("dns_failure", http(answer()), ends=fails("dns"), url="{scheme}://no-such-host.invalid:{port}/{name}/key"),
    Scenario("tls_untrusted", http(answer(), trusted=False), ends=fails("tls"), tls=True),
    Scenario("tls_wrong_host", http(answer(), certificate="other.test"), ends=fails("tls"), tls=True),
    Scenario("tls_not_tls", Behaviour(on_connection=scripts.speaks_plainly), ends=fails("tls"), tls=True),
    Scenario("reset_in_tls", Behaviour(on_connection=scripts.reset_in_tls), ends=fails("tls"), tls=True),
    Scenario(
        "reset_in_request",
        http(scripts.reset_in_request),
        ends=fails("request"),
        request=put("bytes", HUGE),
        differs=AIOHTTP_TWICE["request"],
    ),
    Scenario(
        "reset_before_response",
        http(scripts.reset_unanswered),
        ends=fails("response_head"),
        differs=AIOHTTP_TWICE["response_head"],
    ),
    Scenario(
        "closed_before_response",
        http(scripts.close_unanswered),
        ends=fails("response_head"),
        differs=AIOHTTP_TWICE["response_head"],
    ),
    Scenario(
        "reset_in_response_head",
        http(scripts.reset_in_head),
        ends=fails("response_head"),
        differs=AIOHTTP_TWICE["response_head"],
        not_possible={"h2": H2_FRAMES},
    ),
    Scenario("reset_in_response_body", http(cut(20_000, 5000, reset=True)), ends=fails("response_body", 200)),
    Scenario("closed_in_response_body", http(cut(20_000, 5000)), ends=fails("response_body", 200)),
    Scenario(
        "closed_in_chunk",
        http(cut(20_000, 5000, framing="chunked")),
        ends=fails("response_body", 200),
        not_possible={"h2": H2_FRAMES},
    ),
    Scenario("garbage", http(scripts.garbage), ends=fails("response_head")),
    Scenario("timeout_in_connect", scripts.NEVER_ACCEPTS, ends=fails("connect"), session={"timeout": 0.4}),
    Scenario(
        "timeout_in_tls",
        Behaviour(on_connection=scripts.never_tls),
        ends=fails("tls"),
        tls=True,
        session={"timeout": 0.4},
    ),
    Scenario("timeout_in_response_head", http(scripts.silent), ends=fails("response_head"), session={"timeout": 0.4}),
    Scenario(
        "timeout_in_response_body",
        http(scripts.silent_in_body),
        ends=fails("response_body", 200),
        session={"timeout": 0.4},
    ),
)

NO_FORWARDING = {"h2": "speaks HTTP/1.1 to a forwarding proxy"}
PROXY = {"proxy": "http://127.0.0.1:{port}"}
PROXIES = (
    Scenario("proxy", http(answer()), url="http://origin.test/{name}/key", session=PROXY, not_possible=NO_FORWARDING),
    Scenario(
        "proxy_407",
        http(answer(407)),
        ends=(Ends(407),),
        url="http://origin.test/{name}/key",
        session=PROXY,
        not_possible=NO_FORWARDING,
    ),
    Scenario(
        "tunnel",
        http(answer(), on_connection=scripts.tunnels("origin.test")),
        url="https://origin.test/{name}/key",
        session=PROXY,
    ),
    Scenario(
        "tunnel_407",
        Behaviour(on_connection=scripts.refuses_tunnel),
        ends=fails("proxy"),
        url="https://origin.test/{name}/key",
        session=PROXY,
    ),
    Scenario(
        "tunnel_untrusted",
        http(answer(), on_connection=scripts.tunnels("other.test")),
        ends=fails("tls"),
        url="https://origin.test/{name}/key",
        session=PROXY,
    ),
    Scenario(
        "excluded_by_name",
        http(scripts.continues(STORED), on_connection=scripts.tunnels("secretsmanager.eu-west-1.amazonaws.com")),
        url="https://secretsmanager.eu-west-1.amazonaws.com/{name}/key",
        request=PUT_BYTES,
        session=PROXY,
        bodies=False,
    ),
    # The harness runs every function with AFTERCALL_EXCLUDE_HOSTS=localhost; all others say 127.0.0.1.
    Scenario(
        "excluded_by_setting",
        http(answer(), certificate="localhost"),
        url="{scheme}://localhost:{port}/{name}/key",
        bodies=False,
    ),
)

SCENARIOS = (*PLAIN, *SEVERAL, *INFORMATIONAL, *BODIES, *FAILURES, *PROXIES)

PATIENT = {"timeout": 600}
HANGS = (
    # In a namespace where the resolver never answers: no site can be reached from there.
    Hang("dns", scripts.NEVER_ACCEPTS, url="{scheme}://hangs.test/{name}/key", session=PATIENT),
    Hang("connect", scripts.NEVER_ACCEPTS, session=PATIENT),
    Hang("tls", Behaviour(on_connection=scripts.never_tls), tls=True, session=PATIENT),
    Hang(
        "proxy",
        Behaviour(on_connection=scripts.silent_tunnel),
        url="https://origin.test/{name}/key",
        session={**PATIENT, **PROXY},
    ),
    Hang("request", http(scripts.unread), request=put("bytes", HUGE), session=PATIENT),
    Hang("response_head", http(scripts.silent), session=PATIENT),
    Hang("response_body", http(scripts.silent_in_body), session=PATIENT),
    Hang(
        "queue",
        http(scripts.silent),
        verb="behind",
        session={**PATIENT, "limit": 1},
        not_possible={
            "http.client": "has no pool",
            "urllib": "has no pool",
            "boto3": "opens more connections than its pool keeps",
        },
    ),
)
