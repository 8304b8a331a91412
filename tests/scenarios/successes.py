"""What goes well: bodies and framings of all kinds, several calls, 1xx responses."""

from __future__ import annotations

from . import scripts
from .failures import BROKEN
from .rows import (
    H2_FRAMES,
    LARGE,
    NO_REDIRECTS,
    NO_RETRIES,
    NOT_AWS,
    OK,
    PUT_BYTES,
    PYTHONS_OWN,
    STORED,
    Ends,
    Scenario,
    fails,
    put,
)
from .scripts import answer, http, one_after_another

NO_EXPECT = {
    "undici": "sends no Expect",
    **dict.fromkeys(("axios", "got", "node-fetch", "superagent"), "does not wait for 100"),
}
# Of a redirect: what has not come of it yet, or all.
DROPS_BODIES = ("aiohttp", "axios", "fetch", "node-fetch")
READS_WHOLE = {"superagent": "reads each response whole"}

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
    Scenario("no_content", http(scripts.empty(204)), ends=(Ends(204),)),
    Scenario("not_modified", http(scripts.empty(304)), ends=(Ends(304),)),
    Scenario("head", http(scripts.headers_of(2000)), request={"method": "HEAD"}),
    Scenario("delete", http(scripts.empty(204)), ends=(Ends(204),), request={"method": "DELETE"}),
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
        differs=dict.fromkeys(DROPS_BODIES, (Ends(302, complete=None), OK)),
        not_possible=NO_REDIRECTS,
    ),
    Scenario(
        "redirect_after_put",
        http(one_after_another(scripts.redirect(303), answer())),
        ends=(Ends(303), OK),
        differs=dict.fromkeys(DROPS_BODIES, (Ends(303, complete=None), OK)),
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
        ends=(OK, *fails("response_head", BROKEN), OK),
        verb="in_turn",
        count=2,
        session={"retries": 1},
        not_possible=NO_RETRIES,
    ),
    Scenario("threads", http(answer()), ends=(OK,) * 20, verb="threads", count=20, not_possible=PYTHONS_OWN),
    Scenario("gather", http(answer()), ends=(OK,) * 20, verb="gather", count=20),
    Scenario("fork", http(answer()), ends=(OK,) * 3, verb="fork", not_possible=PYTHONS_OWN),
    Scenario("multiprocessing_fork", http(answer()), verb="multiprocessing_fork", not_possible=PYTHONS_OWN),
    # Nothing is exported, so a fresh interpreter is not watched: its call reaches the server and leaves no record.
    Scenario("multiprocessing_spawn", http(answer()), ends=(), verb="multiprocessing_spawn", not_possible=PYTHONS_OWN),
)

INFORMATIONAL = (
    Scenario(
        "expect_100",
        http(scripts.continues(STORED)),
        request=put("bytes", 2000, headers={"Expect": "100-continue"}),
        not_possible=NO_EXPECT,
    ),
    Scenario(
        "expect_417",
        http(scripts.refuses_body(417, scripts.TEXT)),
        ends=(Ends(417),),
        request=put("bytes", 2000, headers={"Expect": "100-continue"}),
        not_possible=NO_EXPECT,
    ),
    Scenario(
        "expect_307",
        http(scripts.refuses_body(307, scripts.TEXT)),
        ends=(Ends(307),),
        request=put("bytes", 2000, headers={"Expect": "100-continue"}),
        not_possible={**NO_EXPECT, "boto3": "takes it for a bucket in another region, and asks around without end"},
    ),
    Scenario(
        "expect_silence",
        http(STORED),
        request=put("bytes", 2000, headers={"Expect": "100-continue"}),
        not_possible={**NO_EXPECT, "aiohttp": "waits for 100 without a limit"},
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
        not_possible={"boto3": "must know the length at first", "aws-sdk-2": "signs whole bodies, and files"},
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
    Scenario("large_streamed", http(answer(size=LARGE)), request={"reading": "stream"}, not_possible=READS_WHOLE),
    Scenario(
        "large_partly",
        http(answer(size=10 * LARGE)),
        ends=(Ends(complete=False),),
        request={"reading": "part"},
        not_possible=READS_WHOLE,
    ),
    Scenario(
        "large_never_read",
        http(answer(size=10 * LARGE)),
        ends=(Ends(complete=False),),
        request={"reading": "unread"},
        not_possible=READS_WHOLE,
    ),
    Scenario(
        "small_never_read",
        http(answer()),
        ends=(Ends(complete=False),),
        request={"reading": "unread"},
        # Undici reads ahead; on http.client and Node's http, what came with the head is whole, read by the user or not.
        differs=dict.fromkeys(
            ("undici", "node-http", "aws-sdk-2", "aws-sdk-3", "http.client", "urllib", "urllib3", "boto3"),
            (Ends(complete=None),),
        ),
        not_possible=READS_WHOLE,
    ),
    Scenario(
        "server_sent_events",
        http(scripts.events(4)),
        request={"reading": "stream", "ack": "{ack}"},
        not_possible=READS_WHOLE,
    ),
)
