"""What a function, its children and its Workers can see is the same with the wrapper as without."""

from __future__ import annotations

import json
import subprocess

import pytest

from . import parts
from .test_boundary import EVENT

SERVER = """
    const http = require('http');
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => response.end('x'.repeat(100000)));
    });
    const serving = (run) => server.listen(0, '127.0.0.1', () => run(`http://127.0.0.1:${server.address().port}/`));
    const say = (value) => { console.log(JSON.stringify(value)); server.close(); server.closeAllConnections(); };
"""

# Not PWD: any shell sets it.
SEEN = {
    "end of the stack": """
        const { EventEmitter } = require('events');
        const deeper = (levels, run) => (levels > 0 ? deeper(levels - 1, run) : run());
        const endless = (run) => {
          const kinds = new Set();
          for (let levels = 0; levels < 100; levels += 1) {
            try {
              deeper(levels, run);
            } catch (error) {
              kinds.add(`${error} ${error instanceof RangeError} ${error.constructor === RangeError}`);
            }
          }
          return [...kinds].sort();
        };
        const made = () => { new EventEmitter(); made(); };
        const seen = [endless(made)];
        const net = require('net');
        const http = require('http');
        const request = http.get('http://127.0.0.1:9/').on('error', () => {});
        const socket = new net.Socket();
        for (const emitter of [socket, request, new http.IncomingMessage(socket)]) {
          emitter.on('again', () => emitter.emit('again'));
          seen.push(endless(() => emitter.emit('again')));
        }
        console.log(JSON.stringify(seen));
    """,
    "pushed": """
        const http2 = require('http2');
        const server = http2.createServer().on('stream', (stream, { ':path': path }) => {
          stream.pushStream({ ':path': `${path}pushed` }, (error, pushed) => {
            pushed.respond();
            pushed.end('pushed');
            stream.respond();
            stream.end('asked for');
          });
        });
        server.listen(0, '127.0.0.1', () => {
          const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
          const seen = [];
          const read = (stream, name) => {
            stream.setEncoding('utf8').on('data', (text) => seen.push([name, text, stream.eventNames().map(String)]));
            stream.on('close', () => {
              if (seen.length < 2) return;
              console.log(JSON.stringify(seen.sort()));
              session.close();
              server.close();
            });
          };
          session.on('stream', (stream, headers) => read(stream, headers[':path']));
          read(session.request({ ':path': '/' }), 'request');
        });
    """,
    "process": """
        console.log(JSON.stringify([
          process.argv.slice(2), process.execArgv, Object.keys(require.cache).length, module.children.length,
          require.main === module, process.dlopen.length, process.dlopen.name,
          Object.keys(process.env).filter((name) => name !== 'PWD').sort(),
          process.listenerCount('exit'), process.eventNames().map(String), process._preload_modules || null,
        ]));
    """,
    "fork": """
        const { fork } = require('child_process');
        if (process.argv[2] === 'child') {
          process.send([process.execArgv, Object.keys(require.cache).length, process.env.NODE_OPTIONS || null]);
        } else {
          fork(__filename, ['child']).on('message', (seen) => console.log(JSON.stringify(seen)));
        }
    """,
    "worker": """
        const { Worker, isMainThread, parentPort } = require('worker_threads');
        if (isMainThread) {
          new Worker(__filename).on('message', (seen) => console.log(JSON.stringify(seen)));
        } else {
          const { _send } = require('http').ClientRequest.prototype;
          parentPort.postMessage([process.execArgv, Object.keys(require.cache).length, _send.toString().length]);
        }
    """,
    "listeners": SERVER
    + """
        serving((url) => {
          const seen = [];
          const look = (name, emitter) => seen.push([
            name, emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event)]).sort(),
            emitter.listeners('data').length, emitter.rawListeners('close').length,
          ]);
          const request = http.get(url, (response) => {
            look('response', response);
            response.on('data', () => {}).on('end', () => {
              look('read response', response);
              say(seen);
            });
            look('flowing response', response);
          });
          look('request', request);
          request.on('socket', (socket) => { look('socket', socket); look('request with socket', request); });
        });
    """,
    "paused": SERVER
    + """
        // A 'readable' listener that is taken off leaves the stream where it is: nothing may make it flow.
        serving((url) => {
          http.get(url, (response) => {
            const once = () => {
              response.removeListener('readable', once);
              setTimeout(() => {
                const flowing = response.readableFlowing;
                let size = 0;
                response.on('data', (chunk) => { size += chunk.length; });
                response.on('end', () => say([flowing, size]));
                response.resume();
              }, 50);
            };
            response.on('readable', once);
          });
        });
    """,
    "iterated": SERVER
    + """
        serving((url) => {
          http.get(url, async (response) => {
            let size = 0;
            for await (const chunk of response) size += chunk.length;
            say([size, response.complete]);
          });
        });
    """,
    "unhandled": SERVER
    + """
        process.on('uncaughtException', (error) => say([error.message.replace(/[0-9]+/g, 'N'), error.code]));
        http.get('http://127.0.0.1:1/');
    """,
    "no-response-listener": SERVER
    + """
        // Node throws a response away that nobody listens for; the request closes all the same.
        serving((url) => http.request(url).on('close', () => say('closed')).end());
    """,
    "constructor-throws": """
        const http = require('http');
        const seen = [];
        for (const options of [{ port: 99999999 }, { headers: { a: '\\n' } }, { path: 'a b' }, { method: ' ' }]) {
          try { http.request(options).on('error', () => {}); } catch (error) { seen.push(error.stack); }
        }
        console.log(JSON.stringify(seen));
    """,
    "thrown-in-events": SERVER
    + """
        const frames = (error) => error.stack.replace(/node:events:[0-9:]+/g, 'node:events').replace(/:[0-9]{5}/g, '');
        const seen = [];
        serving((url) => {
          http.get(url, (response) => {
            seen.push(frames(new Error('response')));
            response.once('data', () => seen.push(frames(new Error('data'))));
            response.on('data', () => {}).on('end', () => { seen.push(frames(new Error('end'))); say(seen); });
          }).on('socket', (socket) => {
            socket.on('connect', () => seen.push(frames(new Error('connect'))));
          }).on('finish', () => seen.push(frames(new Error('finish'))));
        });
    """,
    "esm-imports": """
        import http, { request, get, ClientRequest } from 'http';
        import { Socket } from 'net';
        console.log(JSON.stringify([
          http.request === request, http.get === get, http.ClientRequest === ClientRequest,
          request.name, request.length, get.length, request.toString().length, Socket.prototype.connect.name,
          Socket.prototype.connect.length, fetch.toString().length,
        ]));
    """,
}


@pytest.mark.parametrize("what", SEEN)
def test_a_script_sees_the_same(runner, node, what) -> None:
    name = "script.mjs" if what.startswith("esm") else "script.js"
    plain = runner.script(node, SEEN[what], wrapped=False, name=name)
    watched = runner.script(node, SEEN[what], name=name)
    assert (watched.returncode, watched.stderr) == (plain.returncode, plain.stderr)
    assert json.loads(watched.stdout) == json.loads(plain.stdout)
    assert not watched.of_kind("drops"), watched.of_kind("drops")


UNCAUGHT = {
    "in-a-timer": "setTimeout(() => { throw new Error('later'); }, 5); return new Promise(() => {});",
    "rejected-beside": "Promise.reject(new Error('nobody waits')); return new Promise(() => {});",
    "refused-call": "return fetch('http://127.0.0.1:9/');",
    "refused-get": "return new Promise((_, reject) => require('http').get('http://127.0.0.1:9/').on('error', reject));",
    "unheard-get": "require('http').get('http://127.0.0.1:9/'); return new Promise(() => {});",
    "process-exit": "process.exit(7);",
}


@pytest.mark.parametrize("how", UNCAUGHT)
def test_errors_of_calls_and_crashes_are_the_same_bytes(runner, node, client, how) -> None:
    files = {"app.js": f"exports.handler = (event) => {{ {UNCAUGHT[how]} }};"}
    plain = runner.serve(node, client, files, EVENT, wrapped=False)
    watched = runner.serve(node, client, files, EVENT)
    assert watched.posts == plain.posts
    assert watched.returncode == plain.returncode


def test_the_folder_may_be_missing_or_go(runner, node, client) -> None:
    text = """
        const fs = require('fs');
        exports.handler = async () => { fs.rmSync(process.env.SPOOL, { recursive: true, force: true }); return 1; };
    """
    served = runner.serve(node, client, {"app.js": text}, EVENT, EVENT, SPOOL=str(runner.spool) + "/gone")
    assert len(served.posts) == 2
    there = runner.serve(
        node, client, {"app.js": text}, EVENT, AFTERCALL_SPOOL_DIR=str(runner.folder / "nowhere"), SPOOL="/nowhere"
    )
    assert there.posts[0][1] == b"1"
    assert not there.segments


def test_options_of_node_and_a_chained_wrapper_are_kept(runner, node) -> None:
    chained = runner.folder / "chained"
    chained.write_text('#!/bin/sh\necho "chained"\nexec "$@"\n')
    chained.chmod(0o755)
    text = "console.log(JSON.stringify([process.execArgv, process.argv.slice(2), typeof gc]))"
    script = runner.task / "script.js"
    script.write_text(text)
    command = runner.command(node, "--expose-gc", "--max-http-header-size=9000", str(script), "a", "--b", wrapped=True)
    environment = runner.environment(AFTERCALL_NEXT_WRAPPER=str(chained))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    first, second = done.stdout.splitlines()
    assert first == "chained"
    assert json.loads(second) == [["--expose-gc", "--max-http-header-size=9000"], ["a", "--b"], "function"]


def test_a_preload_of_the_users_own_is_loaded_too(runner, node) -> None:
    own = runner.task / "own.js"
    own.write_text("globalThis.own = 'loaded';")
    text = "console.log(JSON.stringify([globalThis.own, process._preload_modules, process.execArgv]))"
    plain = runner.script(node, text, "--require", str(own), wrapped=False)
    watched = runner.script(node, text, "--require", str(own))
    assert watched.json == plain.json
    assert watched.json[0] == "loaded"


def test_the_picker_finds_this_wrapper_and_a_disabled_one_does_nothing(runner, node) -> None:
    picker = parts.wrapper().parent / "wrapper"
    script = runner.task / "script.js"
    script.write_text("process.stdout.write(require('fs').readFileSync('/proc/self/cmdline'))")
    for disabled, wanted in (("", True), ("0", True), ("true", False), (" True\n", False), ("1", False)):
        environment = runner.environment(AFTERCALL_DISABLED=disabled)
        command = ["/bin/sh", str(picker), node, str(script)]
        done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
        assert (b"--require=" in done.stdout) == wanted


def test_each_hook_fails_open_and_is_counted(runner, node, tmp_path) -> None:
    """A copy of the wrapper whose call ends break: the call goes on, and a drops frame names the hook."""
    broken = tmp_path / "broken"
    subprocess.run(["cp", "-r", str(parts.wrapper()), str(broken)], check=True)
    code = broken / "shared.js"
    responded = "  responded(status, heads) {"
    code.write_text(code.read_text().replace(responded, f"{responded}\n    null.x;"))
    text = SERVER + "serving(async (url) => { const r = await fetch(url); say((await r.text()).length); });"
    runner.fresh_spool()
    runner.write({"script.js": text})
    command = ["/bin/sh", str(broken / "wrapper"), node, str(runner.task / "script.js")]
    done = subprocess.run(command, env=runner.environment(), capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "100000"
    spooled = b"".join(path.read_bytes() for path in runner.spool.iterdir())
    assert b'"faults":{"undici:request:headers":1}' in spooled
