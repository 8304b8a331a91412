"""The runtime client's boundary under AWS's own clients: event, response and error are the bytes that Lambda saw."""

from __future__ import annotations

import json

import pytest

EVENT = '{"name": "Grüße", "n": [1, 2.50, 1e3]}'.encode()
COMMONJS = "exports.handler = async (event) => ({ said: event.name, n: 3 });"
ESM = """
    await new Promise((resolve) => setTimeout(resolve, 1));
    export const handler = async (event) => ({ said: event.name, n: 3 });
"""
# What esbuild makes of a module: getters that cannot be redefined.
BUNDLE = """
    var __defProp = Object.defineProperty;
    var __export = (target, all) => {
      for (var name in all) __defProp(target, name, { get: all[name], enumerable: true });
    };
    var app_exports = {};
    __export(app_exports, { handler: () => handler });
    module.exports = __defProp({}, "__esModule", { value: true });
    for (const key of Object.keys(app_exports)) {
      __defProp(module.exports, key, { get: () => app_exports[key], enumerable: true });
    }
    async function handler(event) { return { said: event.name, n: 3 }; }
"""
# What tsc makes of `export const handler: Handler<{name: string}> = async ...` for CommonJS.
TYPESCRIPT = """
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.handler = void 0;
    const handler = async (event) => ({ said: event.name, n: 3 });
    exports.handler = handler;
"""
PROMISE = """
    exports.handler = (event) => new Promise((resolve) => setTimeout(() => resolve({ said: event.name, n: 3 }), 5));
"""
CLASS = """
    class App { static async run(event) { return { said: event.name, n: 3 }; } }
    module.exports = Object.freeze({ handler: App.run });
"""
CALLBACK = "exports.handler = (event, context, callback) => callback(null, { said: event.name, n: 3 });"

SHAPES = {
    "commonjs": {"app.js": COMMONJS},
    "esm": {"app.mjs": ESM},
    "type-module": {"app.js": ESM, "package.json": '{"type": "module"}'},
    "bundle": {"app.js": BUNDLE},
    "typescript": {"app.js": TYPESCRIPT},
    "promise": {"app.js": PROMISE},
    "frozen-exports": {"app.js": CLASS},
    "cjs": {"app.cjs": COMMONJS},
}


def kinds(served) -> list[str]:
    return [frame.header["kind"] for frame in served.frames]


def part(served, kind: str, name: str, number: int = 0) -> bytes:
    frames = [frame for frame in served.frames if frame.header["kind"] == kind]
    found: bytes = dict(frames[number].parts())[name]
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_event_and_response_are_lambdas_own_bytes(runner, node, client, shape) -> None:
    served = runner.serve(node, client, SHAPES[shape], EVENT, EVENT)
    assert kinds(served) == ["process", *["invocation_start", "invocation_end"] * 2], served.stderr + served.stdout
    for number, (path, body) in enumerate(served.posts):
        assert path == f"invocation/request-{number + 1}/response"
        assert part(served, "invocation_end", "response", number) == body
        assert part(served, "invocation_start", "event", number) == EVENT
    start, end = served.of_kind("invocation_start")[1], served.of_kind("invocation_end")[1]
    assert start["request_id"] == end["request_id"] == "request-2"
    assert (start["number"], end["status"], start["event_size"]) == (2, "ok", len(EVENT))
    assert start["trace"].startswith("Root=1-5bef4de7")
    assert start["arn"].startswith("arn:aws:lambda")
    assert end["response_size"] == len(served.posts[1][1])
    version = client.file.parents[0 if client.entry == "index.mjs" else 1] / "package.json"
    assert served.of_kind("process")[0]["client"] == f"aws-lambda-ric {json.loads(version.read_text())['version']}"


def test_the_bell_is_rung_when_an_invocation_is_over(runner, node, client) -> None:
    """Where there is none, the next invocation begins a segment of its own."""
    runner.fresh_spool = lambda: runner.spool.mkdir(mode=0o700)
    served = runner.serve(node, client, {"app.js": PROMISE}, EVENT, EVENT)
    assert kinds(served) == ["process", "invocation_start", "invocation_end"] * 2
    assert len(served.segments) == 2


def test_callback_handlers_are_watched_where_the_client_takes_them(runner, node, client) -> None:
    served = runner.serve(node, client, {"app.js": CALLBACK}, EVENT)
    plain = runner.serve(node, client, {"app.js": CALLBACK}, EVENT, wrapped=False)
    assert served.posts == plain.posts
    if client.takes_callbacks:
        assert part(served, "invocation_end", "response") == served.posts[0][1]
    else:
        (end,) = served.of_kind("invocation_end")
        assert end["phase"] == "init"
        assert part(served, "invocation_end", "error") == served.posts[0][1]


FAILING = {
    "thrown": "exports.handler = async () => { throw new TypeError('no such order'); };",
    "rejected-with-text": "exports.handler = () => Promise.reject('just text');",
    "own-class": """
        class OrderError extends Error { constructor() { super('own'); this.name = 'OrderError'; this.order = 17; } }
        exports.handler = async () => { throw new OrderError(); };
    """,
    "unserialisable": "exports.handler = async () => { const a = {}; a.a = a; return a; };",
}


@pytest.mark.parametrize("failure", FAILING)
def test_errors_are_posted_and_seen_as_without_us(runner, node, client, failure) -> None:
    files = {"app.js": FAILING[failure]}
    plain = runner.serve(node, client, files, EVENT, EVENT, wrapped=False)
    served = runner.serve(node, client, files, EVENT, EVENT)
    assert served.posts == plain.posts
    assert len(served.posts) == 2
    for number, (path, body) in enumerate(served.posts):
        assert path.endswith("/error")
        assert part(served, "invocation_end", "error", number) == body
    assert {end["status"] for end in served.of_kind("invocation_end")} == {"error"}


IN_INIT = {
    "throws": "throw new RangeError('at load');",
    "syntax-error": "exports.handler = async (",
    "no-such-export": "exports.other = 1;",
    "missing-dependency": "require('no-such-package'); exports.handler = async () => 1;",
}


@pytest.mark.parametrize("failure", IN_INIT)
def test_init_errors_are_the_clients_own(runner, node, client, failure) -> None:
    files = {"app.js": IN_INIT[failure]}
    plain = runner.serve(node, client, files, EVENT, wrapped=False)
    served = runner.serve(node, client, files, EVENT)
    assert served.returncode == plain.returncode
    assert served.posts == plain.posts
    ends = served.of_kind("invocation_end")
    assert [(end["phase"], end["status"]) for end in ends] == [("init", "error")] * len(served.posts)
    for number, (path, body) in enumerate(served.posts):
        assert path == "init/error"
        assert part(served, "invocation_end", "error", number) == body


def test_a_missing_module_is_the_clients_own_error(runner, node, client) -> None:
    plain = runner.serve(node, client, {}, EVENT, handler="nothing.handler", wrapped=False)
    served = runner.serve(node, client, {}, EVENT, handler="nothing.handler")
    assert served.posts == plain.posts
    assert served.returncode == plain.returncode


STREAMING = """
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.setContentType('text/plain');
      stream.write('first ');
      await new Promise((resolve) => setTimeout(resolve, 50));
      stream.write(Buffer.from('second '));
      stream.end('third');
    });
"""


def test_a_streamed_response_has_its_first_bytes_and_the_time_of_the_first_one(runner, node, client) -> None:
    served = runner.serve(node, client, {"app.js": STREAMING}, EVENT, EVENT)
    assert kinds(served) == ["process", *["invocation_start", "invocation_end"] * 2], served.stdout + served.stderr
    assert {body for _, body in served.posts} == {b"first second third"}
    assert part(served, "invocation_end", "response", 1) == b"first second third"
    start, end = served.of_kind("invocation_start")[1], served.of_kind("invocation_end")[1]
    assert start["time"] <= end["first_byte"] < end["time"]
    assert (end["status"], end["response_size"]) == ("ok", 18)


def test_a_stream_that_fails_on_its_way_is_an_error(runner, node, client) -> None:
    text = STREAMING.replace("stream.end('third');", "throw new Error('broke off');")
    served = runner.serve(node, client, {"app.js": text}, EVENT)
    assert served.posts[0][1] == b"first second "
    (end,) = served.of_kind("invocation_end")
    assert end["status"] == "error"
    assert json.loads(part(served, "invocation_end", "error"))["errorMessage"] == "broke off"
    assert part(served, "invocation_end", "response") == b"first second "


def test_large_events_and_responses_are_cut_and_their_sizes_told(runner, node, client) -> None:
    event = json.dumps({"text": "ä" * 200_000}, ensure_ascii=False).encode()
    served = runner.serve(node, client, {"app.js": "exports.handler = async (event) => event;"}, event)
    assert part(served, "invocation_start", "event") == event[:65536]
    assert part(served, "invocation_end", "response") == served.posts[0][1][:65536]
    assert served.of_kind("invocation_start")[0]["event_size"] == len(event)
    assert served.of_kind("invocation_end")[0]["response_size"] == len(served.posts[0][1])


def test_the_alternative_client_asks_for_events_over_http_and_is_watched_all_the_same(runner, node, client) -> None:
    alternative = {"AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1": "true"}
    served = runner.serve(node, client, {"app.js": COMMONJS}, EVENT, EVENT, **alternative)
    assert kinds(served) == ["process", *["invocation_start", "invocation_end"] * 2]
    assert part(served, "invocation_start", "event", 1) == EVENT
    assert served.of_kind("invocation_start")[1]["request_id"] == "request-2"
