'use strict';
// Puts a spy in place of each function of JavaScript's and Node's own that can be replaced, and says which of them files
// below FOLDER call, whatever is called over http, fetch and http2.
//
//   node spying.js FOLDER      one JSON line: [[function, where it was called], ...]

const [folder] = process.argv.slice(2);
const http = require('http');
const http2 = require('http2');
const { EventEmitter, once } = require('events');
const { Readable, Writable, Stream } = require('stream');

const PROTOTYPES = {
  Array, String, RegExp, Map, Set, WeakMap, WeakSet, Number, Promise, Buffer, Date, FinalizationRegistry, URL, EventEmitter,
  Object, Stream, Readable, Writable,
  TypedArray: Object.getPrototypeOf(Uint8Array),
  OutgoingMessage: http.OutgoingMessage,
  ClientRequest: http.ClientRequest,
  IncomingMessage: http.IncomingMessage,
  Socket: require('net').Socket,
  Agent: http.Agent,
};
const HOLDERS = { Array, Object, Reflect, JSON, Math, Number, String, Buffer, Promise, Date, globalThis, process, http };
for (const name of ['fs', 'timers', 'net', 'diagnostics_channel', 'url', 'v8', 'vm', 'module', 'crypto', 'util']) {
  HOLDERS[name] = require(name);
}

const { apply, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { captureStackTrace } = Error;
const { includes } = String.prototype;
const { get, set } = Map.prototype;
const seen = new Map();
let busy = false;

/** The file and line that has called the spy, if it is one of ours. */
function caller() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder = {};
  Error.prepareStackTrace = (_, frames) => frames;
  Error.stackTraceLimit = 4; // this one, note, the spy and who called it
  apply(captureStackTrace, Error, [holder]);
  const frame = holder.stack[3];
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  const file = frame && frame.getFileName();
  return file && apply(includes, file, [folder]) ? `${file}:${frame.getLineNumber()}` : undefined;
}

function note(label) {
  if (busy) return;
  busy = true;
  const where = caller();
  if (where !== undefined && apply(get, seen, [label]) === undefined) apply(set, seen, [label, where]);
  busy = false;
}

function spyOn(owner, name, label) {
  const descriptor = getOwnPropertyDescriptor(owner, name);
  const { configurable, value } = descriptor;
  // Neither classes nor what tells a function's kind.
  if (!configurable || typeof value !== 'function' || /^[A-Z]/.test(String(name)) || name === 'constructor') return;
  const spy = {
    [name]() {
      note(label);
      return apply(value, this, arguments);
    },
  }[name];
  defineProperty(owner, name, { ...descriptor, value: spy });
}

function spyOnAll() {
  const owners = Object.entries(PROTOTYPES).map(([label, { prototype }]) => [`${label}.prototype`, prototype]);
  for (const [label, owner] of [...owners, ...Object.entries(HOLDERS)]) {
    for (const name of ownKeys(owner)) spyOn(owner, name, `${label}.${String(name)}`);
  }
}

async function main() {
  new EventEmitter(); // now the wrapper has hooked what is loaded
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.end('x'.repeat(100_000)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const second = http2.createServer((request, response) => response.end('x'.repeat(100_000)));
  await new Promise((resolve) => second.listen(0, '127.0.0.1', resolve));
  await fetch('http://127.0.0.1:1/').catch(() => {}); // loads undici itself
  spyOnAll();
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const get_ = async (body) => {
    const request = http.request({ host: '127.0.0.1', port, agent, method: 'POST' });
    request.end(body);
    const [response] = await once(request, 'response');
    for await (const chunk of response) chunk.toString('hex', 0, 1);
  };
  await Promise.all(['one', 'x'.repeat(100_000), 'three'].map(get_));
  await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'text' })).text();
  await http.get('http://127.0.0.1:9/').on('error', () => {});
  const session = http2.connect(`http://127.0.0.1:${second.address().port}`);
  const stream = session.request({ ':path': '/', ':method': 'POST' });
  stream.end('text');
  for await (const chunk of stream) chunk.toString('hex', 0, 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify([...seen]));
  process.exit();
}

main();
