'use strict';
// http2 client sessions, one for each origin.

const fs = require('fs');
const http2 = require('http2');

const { read } = require('./reading');

module.exports = async () => ({
  open: (settings) => ({ settings, sessions: new Map() }),

  close: ({ sessions }) => sessions.forEach((session) => session.destroy()),

  async call({ settings, sessions }, request) {
    const url = new URL(request.url);
    if (!sessions.has(url.origin) || sessions.get(url.origin).destroyed) {
      const ca = settings.trust ? fs.readFileSync(settings.trust) : undefined;
      sessions.set(url.origin, http2.connect(url.origin, { ca }));
    }
    const session = sessions.get(url.origin);
    const [stream, headers] = await new Promise((resolve, reject) => {
      session.once('error', reject);
      session.once('close', () => reject(unanswered()));
      const { body, method } = request;
      const stream_ = session.request(
        { ':method': method, ':path': url.pathname + url.search, ...request.headers },
        { endStream: body === null },
      );
      stream_.setTimeout(settings.timeout * 1000, () => stream_.destroy(timedOut()));
      stream_.on('error', reject);
      stream_.on('response', (got) => resolve([stream_, got]));
      stream_.on('close', () => reject(unanswered()));
      if (body !== null && body.stream) body.stream.pipe(stream_);
      else if (body !== null) stream_.end(body.bytes);
    });
    const body = await read(stream, request);
    return { status: headers[':status'], body };
  },
});

function unanswered() {
  return Object.assign(new Error('closed without a response'), { code: 'ERR_HTTP2_STREAM_ERROR' });
}

function timedOut() {
  return Object.assign(new Error('it took too long'), { code: 'ETIMEDOUT' });
}
