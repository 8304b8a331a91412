'use strict';
// undici.request() with its own pool, and its ProxyAgent.

const fs = require('fs');

const { formOf, read } = require('./reading');

module.exports = async (packages) => {
  const undici = packages.require();
  return {
    open(settings) {
      const ca = settings.trust ? fs.readFileSync(settings.trust) : undefined;
      const milliseconds = settings.timeout * 1000;
      const options = {
        connect: { ca, timeout: milliseconds },
        headersTimeout: milliseconds,
        bodyTimeout: milliseconds,
        connections: settings.limit || undefined,
        allowH2: settings.http2 || false,
      };
      const proxied = { ...options, uri: settings.proxy, requestTls: { ca, timeout: milliseconds } };
      return { settings, dispatcher: settings.proxy ? new undici.ProxyAgent(proxied) : new undici.Agent(options) };
    },

    close: ({ dispatcher }) => dispatcher.destroy(),

    async call({ dispatcher }, request) {
      const { method, headers, body, multipart } = request;
      const options = { method, headers, dispatcher };
      if (multipart) options.body = formOf(multipart, undici.FormData);
      else if (body !== null) options.body = body.stream || body.bytes;
      const response = await undici.request(request.url, options);
      if (request.reading === 'unread') response.body.on('error', () => {}); // of the destroyed dispatcher
      const bytes = await read(response.body, request);
      await new Promise(setImmediate); // then the connection is free
      return { status: response.statusCode, body: bytes };
    },
  };
};
