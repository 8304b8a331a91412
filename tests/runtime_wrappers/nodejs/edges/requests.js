'use strict';
// Exchanges of http: listeners and their order, errors in callbacks, bodies, `Expect`, upgrades.

const http = require('http');
const { once } = require('events');
const { Readable, pipeline } = require('stream');
const { text } = require('stream/consumers');

const { counts, pause, response } = require('./seeing');

module.exports = function ofRequests(url, told) {
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
};
