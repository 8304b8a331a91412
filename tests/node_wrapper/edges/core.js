'use strict';
// What only http, https, http2 and streams have: listeners and their order, errors in callbacks, upgrades, backpressure,
// pipelines, agents.

const http = require('http');
const http2 = require('http2');
const { once } = require('events');
const { Readable, Transform, Writable, finished, pipeline } = require('stream');
const { text } = require('stream/consumers');
const { promisify } = require('util');

const pause = promisify(setTimeout);

module.exports = ({ url, told }) => ({ ...ofRequests(url, told), ...ofResponses(url, told), ...ofAgents(url), ...ofHttp2(told) });

const response = (request) => once(request, 'response').then(([one]) => one);
const counts = (emitter) => emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event)]);

function ofRequests(url, told) {
  const { host } = new URL(url);
  const port = Number(host.split(':')[1]);
  return {
    'request: its listeners': async () => {
      const request = http.get(`${url}/plain`);
      const seen = [counts(request), request.listeners('close').length, request.rawListeners('socket').length];
      (await response(request)).resume();
      return [...seen, counts(request)];
    },
    'request: once and prepended listeners run in their order': async () => {
      const order = [];
      const request = http.get(`${url}/plain`);
      request.on('response', (one) => order.push('second') && one.resume());
      request.prependListener('response', () => order.push('first'));
      request.once('close', () => order.push('closed'));
      await once(request, 'close');
      return order;
    },
    'request: newListener and removeListener are told of the user\'s own alone': async () => {
      const seen = [];
      const request = http.request(`${url}/plain`);
      request.on('newListener', (event) => seen.push(['new', event]));
      request.on('removeListener', (event) => seen.push(['gone', event]));
      request.on('response', (one) => one.resume());
      request.end();
      await once(request, 'close');
      return seen;
    },
    'request: removeAllListeners': async () => {
      const request = http.get(`${url}/plain`, () => {});
      request.removeAllListeners('response');
      await once(request, 'close');
      return counts(request);
    },
    'request: no error listener is an uncaught exception': async () => {
      http.get('http://127.0.0.1:9/');
      await pause(100);
      return 'went on';
    },
    'request: an error listener that throws': async () => {
      http.get('http://127.0.0.1:9/').on('error', () => { throw new TypeError('in the listener'); });
      await pause(100);
      return 'went on';
    },
    'request: a callback that throws': async () => {
      http.get(`${url}/plain`, (one) => { one.resume(); throw new TypeError('in the callback'); });
      await pause(100);
      return 'went on';
    },
    'request: an async callback that rejects': async () => {
      http.get(`${url}/plain`, async (one) => { one.resume(); throw new TypeError('in the callback'); });
      await pause(100);
      return 'went on';
    },
    'request: destroyed at once': async () => {
      const request = http.get(`${url}/plain`);
      request.destroy();
      const [error] = await once(request, 'error');
      return [told(error), request.destroyed, request.reusedSocket];
    },
    'request: destroyed with an error of the user\'s': async () => {
      const request = http.get(`${url}/silent`);
      setTimeout(() => request.destroy(new RangeError('mine')), 30);
      const [error] = await once(request, 'error');
      return told(error);
    },
    'request: aborted, the old way': async () => {
      const seen = [];
      const request = http.get(`${url}/silent`).on('abort', () => seen.push('abort')).on('error', (e) => seen.push(e.code));
      setTimeout(() => request.abort(), 30);
      await once(request, 'close');
      return [seen, request.aborted];
    },
    'request: time-out': async () => {
      const request = http.get(`${url}/silent`, { timeout: 50 });
      await once(request, 'timeout');
      request.on('error', () => {}).destroy();
      return request.listenerCount('timeout');
    },
    'request: its body in pieces with callbacks': async () => {
      const done = [];
      const request = http.request(`${url}/echo`, { method: 'POST' });
      for (const piece of ['a', Buffer.from('b'), new Uint8Array([99])]) request.write(piece, () => done.push(String(piece)));
      request.end('d', 'latin1', () => done.push('end'));
      const got = await text(await response(request));
      return [done, got];
    },
    'request: backpressure of a large body': async () => {
      const request = http.request(`${url}/echo`, { method: 'POST' });
      let drains = 0;
      request.on('drain', () => { drains += 1; });
      const got = response(request).then((one) => text(one));
      const flowed = request.write(Buffer.alloc(4_000_000, 'x'));
      request.end();
      return [flowed, (await got).length, drains];
    },
    'request: a user\'s stream piped into it fails': async () => {
      const source = new Readable({ read() { this.push('x'); this.destroy(new RangeError('source')); } });
      const request = http.request(`${url}/echo`, { method: 'POST' });
      const error = await new Promise((resolve) => pipeline(source, request, resolve));
      return [told(error), request.destroyed];
    },
    'request: write after end': async () => {
      const request = http.request(`${url}/echo`, { method: 'POST' });
      request.end('all');
      request.write('more', () => {});
      const [error] = await once(request, 'error');
      request.on('error', () => {}).destroy(); // whether its answer came first is chance
      return told(error);
    },
    'request: trailers of its own': async () => {
      const request = http.request(`${url}/echo`, { method: 'POST', headers: { trailer: 'x-sum' } });
      request.write('body');
      request.addTrailers({ 'x-sum': '4' });
      request.end();
      return text(await response(request));
    },
    'request: Expect, and it may go on': async () => {
      const request = http.request(`${url}/echo`, { method: 'PUT', headers: { expect: '100-continue', 'content-length': 4 } });
      request.flushHeaders();
      await once(request, 'continue');
      request.end('body');
      return text(await response(request));
    },
    'request: Expect, and it is refused': async () => {
      const request = http.request(`${url}/refuses`, { method: 'PUT', headers: { expect: '100-continue', 'content-length': 4 } });
      request.on('error', () => {}).flushHeaders();
      const one = await response(request);
      request.destroy();
      return one.statusCode;
    },
    'request: informational answers': async () => {
      const seen = [];
      const request = http.get(`${url}/hints`).on('information', ({ statusCode, headers }) => seen.push([statusCode, headers]));
      return [await text(await response(request)), seen];
    },
    'request: upgraded': async () => {
      const request = http.request(url, { headers: { connection: 'Upgrade', upgrade: 'echo' } }).end();
      const [one, socket, head] = await once(request, 'upgrade');
      socket.write('there');
      return [one.statusCode, String(head), await text(socket), socket.listenerCount('data')];
    },
    'request: upgraded, and nobody listens': async () => {
      const request = http.request(url, { headers: { connection: 'Upgrade', upgrade: 'echo' } }).end();
      request.on('error', () => {});
      await once(request, 'close');
      return counts(request);
    },
    'request: a tunnel': async () => {
      const request = http.request({ host: '127.0.0.1', port, method: 'CONNECT', path: 'inner.test:443' }).end();
      const [one, socket] = await once(request, 'connect');
      socket.write('bytes');
      return [one.statusCode, await text(socket)];
    },
    'request: its headers after they went out': async () => {
      const request = http.get(`${url}/plain`, { headers: { 'X-Mixed': 'a' } });
      (await response(request)).resume();
      const thrown = [];
      try { request.setHeader('late', '1'); } catch (error) { thrown.push(told(error)); }
      return [request.getHeaderNames(), request.getRawHeaderNames(), request.headersSent, thrown];
    },
    'request: what its constructor refuses': async () => {
      const thrown = [];
      for (const options of [{ path: 'a b' }, { method: 'A B' }, { headers: { a: '\n' } }, { protocol: 'ftp:' }, { port: 70_000 }]) {
        try { http.request(options).on('error', () => {}).destroy(); } catch (error) { thrown.push(told(error)); }
      }
      return thrown;
    },
    'request: own properties': async () => {
      const request = http.get(`${url}/plain`);
      (await response(request)).resume();
      const keys = Reflect.ownKeys(request).map(String);
      return [keys.filter((key) => key !== 'Symbol(async_id_symbol)'), Object.keys(request).length, `${request}`];
    },
    'request: its prototype': () => Reflect.ownKeys(Object.getPrototypeOf(http.ClientRequest.prototype)).map(String),
    'request: two on one socket, pipelined by the agent': async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const all = [1, 2, 3].map((n) => response(http.get(`${url}/plain?${n}`, { agent })).then(text));
      const seen = await Promise.all(all);
      agent.destroy();
      return seen;
    },
    'request: events emitted by the user': async () => {
      const request = http.get(`${url}/plain`).on('mine', (...words) => request.got = words);
      const heard = [request.emit('mine', 1, 2), request.emit('nobody'), request.got];
      (await response(request)).resume();
      return heard;
    },
  };
}

function ofResponses(url, told) {
  const get = (path, options) => response(http.get(url + path, options));
  return {
    'response: its listeners': async () => {
      const one = await get('/plain');
      const before = counts(one);
      one.resume();
      await once(one, 'end');
      return [before, counts(one)];
    },
    'response: paused, then read': async () => {
      const one = await get('/large');
      await pause(50);
      const before = [one.readableFlowing, one.listenerCount('data'), one.readableLength > 0];
      return [before, (await text(one)).length];
    },
    'response: by readable and read()': async () => {
      const one = await get('/dribble');
      let got = '';
      one.on('readable', () => { for (let piece; (piece = one.read(3)) !== null; ) got += piece; });
      await once(one, 'end');
      return got;
    },
    'response: iterated, and left in the middle': async () => {
      const one = await get('/large');
      for await (const piece of one) { if (piece.length) break; }
      return [one.destroyed, one.complete, one.readableAborted];
    },
    'response: piped through a transform': async () => {
      const upper = new Transform({ transform: (piece, _encoding, done) => done(null, String(piece).toUpperCase()) });
      return text((await get('/dribble')).pipe(upper));
    },
    'response: a pipeline whose sink fails': async () => {
      const one = await get('/large');
      const sink = new Writable({ write: (_piece, _encoding, done) => done(new RangeError('sink')) });
      const error = await new Promise((resolve) => pipeline(one, sink, resolve));
      return [told(error), one.destroyed];
    },
    'response: a slow sink holds it back': async () => {
      const one = await get('/large');
      let size = 0;
      const sink = new Writable({ highWaterMark: 10, write: (piece, _encoding, done) => { size += piece.length; setImmediate(done); } });
      await promisify(pipeline)(one, sink);
      return size;
    },
    'response: setEncoding': async () => {
      const one = (await get('/dribble')).setEncoding('hex');
      let got = '';
      for await (const piece of one) got += piece;
      return [got, one.readableEncoding];
    },
    'response: a data listener that throws': async () => {
      (await get('/plain')).on('data', () => { throw new TypeError('in the listener'); });
      await pause(100);
      return 'went on';
    },
    'response: an end listener that throws': async () => {
      (await get('/plain')).resume().on('end', () => { throw new TypeError('in the listener'); });
      await pause(100);
      return 'went on';
    },
    'response: cut off, with nobody to hear': async () => {
      (await get('/cut')).resume();
      await pause(150);
      return 'went on';
    },
    'response: cut off, finished() tells': async () => {
      const one = await get('/cut');
      const error = await new Promise((resolve) => finished(one.resume(), resolve));
      return [told(error), one.complete];
    },
    'response: destroyed with an error': async () => {
      const one = await get('/dribble');
      one.destroy(new RangeError('mine'));
      const [error] = await once(one, 'error');
      return told(error);
    },
    'response: trailers': async () => {
      const one = await get('/trailers');
      await text(one);
      return [one.trailers, one.rawTrailers];
    },
    'response: thrown away unheard': async () => {
      const request = http.request(`${url}/large`).end();
      await once(request, 'close');
      return request.res === undefined ? 'none' : [request.res.complete, request.res._dumped];
    },
    'response: own properties': async () => {
      const one = await get('/plain');
      one.resume();
      // In no order: Node makes `_eventsCount` with the first listener, and `req` only later.
      return Reflect.ownKeys(one).map(String).filter((key) => key !== 'Symbol(async_id_symbol)').sort();
    },
    'response: unshifted and read again': async () => {
      const one = await get('/plain');
      await once(one, 'readable');
      one.unshift(one.read(2));
      return text(one);
    },
    'response: headersDistinct and joined headers': async () => {
      const one = await get('/many-cookies');
      one.resume();
      return [one.headers['set-cookie'], one.headersDistinct['set-cookie']];
    },
    'response: as a web stream': async () => {
      let got = '';
      for await (const piece of Readable.toWeb(await get('/dribble'))) got += Buffer.from(piece);
      return got;
    },
  };
}

function ofAgents(url) {
  const names = (agent) => ['requests', 'sockets', 'freeSockets'].map((list) => Object.values(agent[list]).map((all) => all.length));
  return {
    'agent: keep-alive uses its socket again': async () => {
      const agent = new http.Agent({ keepAlive: true });
      const seen = [];
      for (let turn = 0; turn < 3; turn += 1) {
        const request = http.get(`${url}/plain`, { agent });
        await text(await response(request));
        await pause(5);
        seen.push([request.reusedSocket, names(agent)]);
      }
      agent.destroy();
      return seen;
    },
    'agent: its queue': async () => {
      const agent = new http.Agent({ maxSockets: 1 });
      const requests = [1, 2, 3].map(() => http.get(`${url}/dribble`, { agent }));
      const before = names(agent);
      const got = await Promise.all(requests.map(async (one) => text(await response(one))));
      await pause(20);
      return [before, got.length, names(agent)];
    },
    'agent: a queued request that is destroyed': async () => {
      const agent = new http.Agent({ maxSockets: 1 });
      const first = http.get(`${url}/dribble`, { agent });
      const second = http.get(`${url}/plain`, { agent });
      const codes = [];
      second.on('error', (error) => codes.push(error.code)).destroy();
      return [await text(await response(first)), codes, second.destroyed];
    },
    'agent: none': async () => {
      const request = http.get(`${url}/plain`, { agent: false });
      return [await text(await response(request)), request.shouldKeepAlive];
    },
    'agent: a class of the user\'s with its own connection': async () => {
      const made = [];
      class Own extends http.Agent {
        createConnection(options, done) {
          made.push(options.path);
          return super.createConnection(options, done);
        }
      }
      const agent = new Own();
      const got = await text(await response(http.get(`${url}/plain`, { agent })));
      return [got, made];
    },
    'agent: the sockets\' listeners': async () => {
      const agent = new http.Agent({ keepAlive: true });
      const request = http.get(`${url}/plain`, { agent });
      const [socket] = await once(request, 'socket');
      const during = counts(socket);
      await text(await response(request));
      await pause(10);
      const free = counts(socket);
      agent.destroy();
      return [during, free];
    },
    'agent: a kept socket that its peer has closed': async () => {
      const agent = new http.Agent({ keepAlive: true });
      await text(await response(http.get(`${url}/close`, { agent })));
      await pause(20);
      const got = await text(await response(http.get(`${url}/plain`, { agent })));
      agent.destroy();
      return [got, names(agent)];
    },
  };
}

function ofHttp2(told) {
  const withServer = (way, use) => async () => {
    const server = http2.createServer(way).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
    session.on('error', () => {});
    try {
      return await use(session);
    } finally {
      session.destroy();
      server.close();
    }
  };
  const plain = (request, answer) => answer.end('plain');
  const echo = (request, answer) => request.pipe(answer);
  const silent = () => {};
  return {
    'http2: a stream\'s listeners': withServer(plain, async (session) => {
      const stream = session.request({ ':path': '/' });
      const before = counts(stream);
      const got = await text(stream);
      return [before, got, counts(stream)];
    }),
    'http2: the session\'s listeners': withServer(plain, async (session) => {
      await text(session.request());
      return counts(session);
    }),
    'http2: three streams at once': withServer(plain, (session) =>
      Promise.all(['/a', '/b', '/c'].map((path) => text(session.request({ ':path': path }))))),
    'http2: its response\'s headers': withServer((_, answer) => answer.writeHead(404, { 'x-a': '1' }).end(), async (session) => {
      const stream = session.request();
      const [headers] = await once(stream, 'response');
      stream.resume();
      delete headers.date;
      return headers;
    }),
    'http2: trailers': withServer((_, answer) => { answer.write('b'); answer.addTrailers({ 'x-sum': '1' }); answer.end(); }, async (session) => {
      const stream = session.request();
      const trailers = once(stream, 'trailers');
      stream.resume();
      return (await trailers)[0];
    }),
    'http2: a body': withServer(echo, async (session) => {
      const stream = session.request({ ':method': 'POST' });
      stream.end('some text');
      return text(stream);
    }),
    'http2: backpressure of a large body': withServer(echo, async (session) => {
      const stream = session.request({ ':method': 'POST' });
      const flowed = stream.write(Buffer.alloc(1_000_000, 'x'));
      stream.end();
      return [flowed, (await text(stream)).length];
    }),
    'http2: closed by the user': withServer(silent, async (session) => {
      const stream = session.request();
      setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), 30);
      await once(stream, 'close');
      return [stream.rstCode, stream.aborted];
    }),
    'http2: destroyed with an error': withServer(silent, async (session) => {
      const stream = session.request();
      setTimeout(() => stream.destroy(new RangeError('mine')), 30);
      const [error] = await once(stream, 'error');
      return told(error);
    }),
    'http2: aborted by a signal': withServer(silent, async (session) => {
      const stream = session.request({}, { signal: AbortSignal.timeout(50) });
      const [error] = await once(stream, 'error');
      return told(error);
    }),
    'http2: reset by its peer': withServer((_, answer) => answer.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR), async (session) => {
      const stream = session.request();
      const [error] = await once(stream, 'error');
      return [error.code, error.message, stream.rstCode];
    }),
    'http2: its session destroyed by the peer': withServer((_, answer) => answer.stream.session.destroy(), async (session) => {
      const stream = session.request();
      stream.on('error', () => {});
      await once(stream, 'close');
      return [stream.destroyed, session.destroyed];
    }),
    'http2: headers that it refuses': withServer(plain, async (session) => {
      const thrown = [];
      for (const headers of [{ connection: 'x' }, { ':nothing': 'x' }, { ':path': 1, ':method': 'CONNECT' }]) {
        try { session.request(headers).on('error', () => {}); } catch (error) { thrown.push(told(error)); }
      }
      return thrown;
    }),
    'http2: an error that nobody hears': withServer(silent, async (session) => {
      session.request().destroy(new RangeError('unheard'));
      await pause(50);
      return 'went on';
    }),
    'http2: the names of a session': withServer(plain, async (session) => {
      await text(session.request());
      const { request } = session;
      return [request.name, request.length, Object.keys(session).length, Reflect.ownKeys(session).length];
    }),
  };
}
