'use strict';
// http and https as they are, with agents that keep connections.

const http = require('http');
const https = require('https');

const { read } = require('./reading');

module.exports = async () => ({
  open(settings) {
    const options = { keepAlive: true, maxSockets: settings.limit || Infinity };
    return { settings, agents: { 'http:': new http.Agent(options), 'https:': new https.Agent(options) } };
  },

  close({ agents }) {
    for (const agent of Object.values(agents)) agent.destroy();
  },

  async call({ settings, agents }, request) {
    const url = new URL(request.url);
    const options = { method: request.method, headers: request.headers, agent: agents[url.protocol] };
    const target = settings.proxy ? throughProxy(settings.proxy, request.url, options) : url;
    if (request.headers.Expect) options.headers = { ...request.headers, 'Content-Length': request.body.bytes.length };
    const response = await new Promise((resolve, reject) => {
      const module_ = url.protocol === 'https:' ? https : http;
      const sending = module_.request(target, options, resolve);
      sending.on('error', reject);
      sending.on('close', () => clearTimeout(timer));
      // Node's own time-out begins when the connection is there.
      const timer = setTimeout(() => (sending.res || sending).destroy(timedOut()), settings.timeout * 1000);
      send(sending, request);
    });
    return { status: response.statusCode, body: await read(response, request) };
  },
});

/** A forwarding proxy takes the whole URL for a path. */
function throughProxy(proxy, url, options) {
  options.path = url;
  options.headers = { ...options.headers, Host: new URL(url).host };
  return new URL(proxy);
}

function timedOut() {
  return Object.assign(new Error('it took too long'), { code: 'ETIMEDOUT' });
}

function send(sending, { body, headers }) {
  if (body === null) sending.end();
  else if (body.stream) body.stream.pipe(sending);
  else if (headers.Expect) sendWhenAsked(sending, body.bytes);
  else sending.end(body.bytes);
}

/** After a second it asks no longer; a final answer ends the waiting too. */
function sendWhenAsked(sending, bytes) {
  const timer = setTimeout(go, 1000);
  sending.on('continue', go);
  sending.on('response', () => clearTimeout(timer));
  sending.flushHeaders();
  function go() {
    clearTimeout(timer);
    sending.end(bytes);
  }
}
