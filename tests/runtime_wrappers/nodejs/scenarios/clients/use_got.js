'use strict';
// got, an ECMAScript module; streams for bodies that are not read whole.

const http = require('http');
const https = require('https');

const { formOf, read } = require('./reading');

module.exports = async (packages) => {
  const { default: got } = await packages.import();
  return {
    open(settings) {
      const options = { keepAlive: true, maxSockets: settings.limit || Infinity };
      const agents = { http: new http.Agent(options), https: new https.Agent(options) };
      const retry = settings.retries
        ? { limit: settings.retries, statusCodes: [503], methods: ['GET', 'PUT'], calculateDelay: ({ computedValue }) => (computedValue ? 1 : 0) }
        : { limit: 0 };
      const timeout = { request: settings.timeout * 1000 };
      return { agents, instance: got.extend({ agent: agents, retry, timeout, throwHttpErrors: false }) };
    },

    close: ({ agents }) => Object.values(agents).forEach((agent) => agent.destroy()),

    async call({ instance }, request) {
      const { method, url, headers, body, multipart } = request;
      const options = { method, headers };
      if (multipart) options.body = formOf(multipart);
      else if (body !== null) options.body = body.stream || body.bytes;
      if (request.reading === 'whole') {
        const response = await instance(url, { ...options, responseType: 'buffer' });
        return { status: response.statusCode, body: response.rawBody };
      }
      const stream = instance.stream(url, options);
      const response = await new Promise((resolve, reject) => stream.on('response', resolve).on('error', reject));
      return { status: response.statusCode, body: await read(stream, request) };
    },
  };
};
