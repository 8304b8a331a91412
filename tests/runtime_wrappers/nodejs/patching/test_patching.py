"""Users patch what the wrapper touches, and do with their emitters what they like: they see the same as without it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.runtime_wrappers.nodejs import parts
from tests.runtime_wrappers.nodejs.conftest import since

HERE = Path(__file__).resolve().parent
MOMENTS = ("before", "after")
WAYS = (
    "no patch",
    "assignment",
    "define value",
    "define value alone",
    "spread descriptor",
    "define accessor",
    "delete and define",
    "sinon spy",
    "sinon stub",
    "tinyspy",
    "shimmer",
)
LIBRARIES = {
    "nock": 20,
    "nock-14": 18,
    "nock-13": 18,
    "interceptors": 18,
    "opentelemetry http": 18,
    "opentelemetry net": 18,
    "opentelemetry undici": 18,
    "hpagent": 18,
    "tunnel": 18,
    "x-ray promises": 18,
    "require-in-the-middle": 18,
    "Module._load": 18,
}
"""Library -> the oldest Node.js that it runs on."""
EMITTERS = {
    "ten of a request": 1,
    "ten of a response": 1,
    "ten of a socket": 1,
    "ten of a stream": 1,
    "ten of a session": 1,
    "none of a request": 1,
    "none of its close": 1,
    "none of a response": 1,
    "none of its data": 1,
    "none of a stream": 1,
    "none of its response": 1,
    "none of a tunnel": 2,
    "a later time-out": 2,
}
"""What is done with the emitters -> how many calls there are."""
BODY = 200_000


def both(runner, node, script, *words):
    """What the script said without the wrapper, and what it said and spooled with it."""
    text = (HERE / script).read_text()
    seen = [run_with(runner, node, text, words, wrapped=wrapped) for wrapped in (False, True)]
    for ran in seen:
        assert ran.returncode == 0, ran.stderr
    return seen


def run_with(runner, node, text, words, *, wrapped):
    """As runner.script, whose words are options of node's: here they are the script's."""
    return runner.script(node, f"process.argv.push(...{json.dumps(words)});\n{text}", wrapped=wrapped)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("way", WAYS)
def test_what_is_touched_can_be_patched_as_ever(runner, node, way, moment) -> None:
    plain, watched = both(runner, node, "play.js", way, moment, str(parts.packages()))
    assert watched.json == plain.json
    assert not watched.of_kind("drops"), watched.of_kind("drops")
    assert len(watched.of_kind("call_end")) == 5  # twice http and fetch, once http2


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("library", since(LIBRARIES))
def test_libraries_that_patch_see_the_same(runner, node, library, moment) -> None:
    plain, watched = both(runner, node, "use_libraries.js", library, moment, str(parts.packages()))
    assert plain.json[0] != "failed"
    assert watched.json == plain.json
    assert without_times(watched.stderr) == without_times(plain.stderr)
    assert not watched.of_kind("drops"), watched.of_kind("drops")
    assert watched.of_kind("call_end")


def without_times(log: str) -> list[str]:
    """X-Ray's lines begin with the time."""
    return [line.partition(" +00:00 ")[2] or line for line in log.splitlines()]


@pytest.mark.parametrize("what", EMITTERS)
def test_nothing_hangs_on_the_users_emitters(runner, node, what) -> None:
    plain, watched = both(runner, node, "listeners.js", what)
    assert watched.json == plain.json
    assert re.sub(r"node:\d+", "", watched.stderr) == re.sub(r"node:\d+", "", plain.stderr)
    assert not watched.of_kind("drops"), watched.of_kind("drops")
    ends = watched.of_kind("call_end")
    assert len(ends) == EMITTERS[what]
    if what == "a later time-out":
        *ends, last = ends
        assert (last["error_type"], last["stage"], last["complete"]) == ("ECONNRESET", "response_head", False)
    assert all("complete" not in end and "error_type" not in end for end in ends), ends
    assert ends[-1]["response_size"] == BODY


# What tail calls need, as in trampoline.js: Node.js 18 refuses it without a flag, which we must have put back.
TAIL_CALL = "0061736d01000000010401600000030201000a0601040012000b"
ONE_CALL = """
    const http = require('http');
    const server = http.createServer((request, response) => response.end('x'.repeat(100_000)));
    server.listen(0, '127.0.0.1', () => {
      http.get(`http://127.0.0.1:${server.address().port}/`, (response) => {
        let size = 0;
        response.on('data', (chunk) => { size += chunk.length; });
        response.on('end', () => {
          let compiled = 'no WebAssembly';
          if (typeof WebAssembly === 'object') {
            compiled = WebAssembly.validate(Buffer.from('%s', 'hex'));
          }
          console.log(JSON.stringify([size, compiled, process.execArgv]));
          process.exit();
        });
      });
    });
"""


@pytest.mark.parametrize("options", [(), ("--jitless",), ("--no-expose-wasm",)])
def test_without_webassembly_a_call_is_recorded_all_the_same(runner, node, options) -> None:
    plain, watched = (runner.script(node, ONE_CALL % TAIL_CALL, *options, wrapped=one) for one in (False, True))
    assert (watched.returncode, watched.stdout) == (plain.returncode, plain.stdout)
    if plain.returncode:  # this Node.js itself needs it
        assert not watched.calls
        return
    assert watched.call.end["response_size"] == plain.json[0]
    assert not watched.of_kind("drops"), watched.of_kind("drops")


@pytest.mark.parametrize("propagate", ["", "true"])
def test_no_function_that_users_can_replace_is_called(runner, node, propagate) -> None:
    """Neither JavaScript's own nor Node's: each has a spy, that notes who calls it."""
    text = f"process.argv.push({json.dumps(str(parts.wrapper()))});\n{(HERE / 'spying.js').read_text()}"
    watched = runner.script(node, text, AFTERCALL_PROPAGATE=propagate)
    assert (watched.returncode, watched.json) == (0, []), watched.stderr
    assert len(watched.of_kind("call_end")) >= 5
    assert not watched.of_kind("drops"), watched.of_kind("drops")


def test_a_promise_is_awaited_as_the_users_never_see(runner, node, client) -> None:
    """The runtime client's promise, behind a `then` of the user's own."""
    app = """
        const { then } = Promise.prototype;
        const seen = [];
        Promise.prototype.then = function () {
          seen.push(new Error('then').stack);
          return Reflect.apply(then, this, arguments);
        };
        exports.handler = async () => seen.filter((stack) => stack.includes('aftercall')).length;
    """
    served = runner.serve(node, client, {"app.js": app}, b"{}", b"{}", b"{}")
    assert [body for _, body in served.posts] == [b"0", b"0", b"0"]
