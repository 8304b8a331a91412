'use strict';
// What users do with the emitters of a call: ten listeners of their own, and none left.
//
//   node listeners.js WHAT      one JSON line: what the user sees

const http = require('http');
const http2 = require('http2');
const { once } = require('events');

const [what] = process.argv.slice(2);
const warnings = [];
process.on('warning', ({ name, type, count }) => warnings.push([name, String(type), count]));

const counts = (emitter) => emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event)]);
const ten = (emitter, events) => {
  for (const event of events) {
    const missing = 10 - emitter.listenerCount(event);
    for (let one = 0; one < missing; one += 1) emitter.on(event, () => {});
  }
};
const size = 200_000;

async function serving(run) {
  const server = http.createServer((request, response) => {
    if (request.url === '/silent') return;
    request.resume().on('end', () => response.end('x'.repeat(size)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const found = await run(`http://127.0.0.1:${server.address().port}`);
  server.close();
  server.closeAllConnections();
  return found;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A request whose socket, response and own listeners `meddle` does something with; then its body is read to the end. */
async function call(url, { onRequest = () => {}, onSocket = () => {}, onResponse = () => {} }) {
  const request = http.request(url, { agent: new http.Agent() });
  onRequest(request);
  const socket = new Promise((resolve) => request.once('socket', resolve));
  const response = once(request, 'response');
  request.end();
  onSocket(await socket);
  const [found] = await response;
  onResponse(found, request);
  let read = 0;
  for await (const chunk of found) read += chunk.length;
  await pause(20);
  return [read, counts(request), counts(found)];
}

async function streamed(meddle) {
  const server = http2.createServer((request, response) => response.end('x'.repeat(size)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  await once(session, 'connect');
  const stream = session.request({ ':path': '/' });
  meddle(stream, session);
  let read = 0;
  for await (const chunk of stream) read += chunk.length;
  await pause(20);
  const seen = [read, counts(stream), counts(session)];
  session.close();
  server.close();
  return seen;
}

const removed = (names) => (emitter) => {
  for (const name of names) {
    if (name === '') emitter.removeAllListeners();
    else emitter.removeAllListeners(name);
  }
};

const WHAT = {
  'ten of a request': (url) =>
    call(url, { onRequest: (request) => ten(request, ['close', 'finish', 'error', 'socket', 'response', 'abort']) }),
  'ten of a response': (url) => call(url, { onResponse: (response) => ten(response, ['data', 'end', 'close', 'error', 'aborted']) }),
  'ten of a socket': (url) =>
    call(url, { onSocket: (socket) => ten(socket, ['connect', 'lookup', 'ready', 'drain', 'close', 'end', 'timeout']) }),
  'ten of a stream': () =>
    streamed((stream) => ten(stream, ['ready', 'response', 'data', 'end', 'close', 'finish', 'error'])),
  'ten of a session': () => streamed((_, session) => ten(session, ['connect', 'close', 'error', 'stream'])),
  'none of a request': (url) => call(url, { onResponse: (_, request) => request.removeAllListeners() }),
  'none of its close': (url) => call(url, { onResponse: (_, request) => removed(['close', 'finish', 'error'])(request) }),
  'none of a response': (url) => call(url, { onResponse: (response) => response.removeAllListeners() }),
  'none of its data': (url) => call(url, { onResponse: removed(['data', 'end', 'close']) }),
  'none of a stream': () => streamed(removed([''])),
  'none of its response': () => streamed(removed(['response', 'data', 'end', 'close', 'finish', 'error', 'ready'])),
  // As hpagent and tunnel do: the socket of a CONNECT is the user's.
  async 'none of a tunnel'() {
    const proxy = http.createServer().on('connect', (_request, socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`));
    });
    await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address();
    const tunnel = http.request({ host: '127.0.0.1', port, method: 'CONNECT', path: 'example.invalid:80', agent: false }).end();
    const [, socket] = await once(tunnel, 'connect');
    tunnel.removeAllListeners();
    socket.removeAllListeners();
    const request = http.get({ host: 'example.invalid', createConnection: () => socket });
    const [response] = await once(request, 'response');
    let read = 0;
    for await (const chunk of response) read += chunk.length;
    proxy.close();
    return [read, counts(request), counts(socket)];
  },
  async 'a later time-out'(url) {
    const first = await call(url, { onResponse: (_, request) => request.removeAllListeners() });
    const request = http.get(`${url}/silent`, { timeout: 100 });
    request.on('timeout', () => request.destroy());
    const [error] = await once(request, 'error');
    return [first, error.code];
  },
};

serving(WHAT[what]).then((seen) => {
  setImmediate(() => {
    console.log(JSON.stringify([seen, warnings]));
    process.exit();
  });
});
