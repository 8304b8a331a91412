'use strict';
// Exchanges of http2: sessions and streams.

const http2 = require('http2');
const { once } = require('events');
const { text } = require('stream/consumers');

const { counts, pause } = require('./seeing');

module.exports = function ofHttp2(told) {
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
};
