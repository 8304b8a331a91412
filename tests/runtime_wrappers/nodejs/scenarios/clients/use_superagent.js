'use strict';
// superagent, whose buffered bodies it parses itself.

const http = require('http');
const https = require('https');

module.exports = async (packages) => {
  const superagent = packages.require();
  return {
    open(settings) {
      const options = { keepAlive: true, maxSockets: settings.limit || Infinity };
      return { settings, agents: { 'http:': new http.Agent(options), 'https:': new https.Agent(options) } };
    },

    close: ({ agents }) => Object.values(agents).forEach((agent) => agent.destroy()),

    async call({ settings, agents }, request) {
      const { method, url, headers, body, multipart } = request;
      const sending = superagent(method, url)
        .agent(agents[new URL(url).protocol])
        .set(headers)
        .timeout(settings.timeout * 1000)
        .retry(settings.retries, (error, response) => Boolean(error) || response.status === 503)
        .buffer(true)
        .parse(asBuffer)
        .ok(() => true);
      for (const [name, [file, text]] of Object.entries(multipart || {})) sending.attach(name, Buffer.from(text), file);
      if (body !== null) sending.type('application/octet-stream').send(body.bytes);
      const response = await sending;
      return { status: response.status, body: Buffer.isBuffer(response.body) ? response.body : Buffer.alloc(0) };
    },
  };
};

function asBuffer(response, done) {
  const pieces = [];
  response.on('data', (piece) => pieces.push(Buffer.from(piece)));
  response.on('end', () => done(null, Buffer.concat(pieces)));
}
