'use strict';
// axios on Node's http, with agents that keep connections.

const http = require('http');
const https = require('https');

const { formOf, read } = require('./reading');

module.exports = async (packages) => {
  const axios = packages.require();
  return {
    open(settings) {
      const options = { keepAlive: true, maxSockets: settings.limit || Infinity };
      const agents = { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
      const { hostname, port } = settings.proxy ? new URL(settings.proxy) : {};
      return {
        settings,
        agents,
        instance: axios.create({
          ...agents,
          proxy: hostname ? { protocol: 'http', host: hostname, port: Number(port) } : false,
          responseType: 'stream',
          decompress: true,
          validateStatus: () => true,
          maxBodyLength: Infinity,
          maxContentLength: Infinity,
        }),
      };
    },

    close: ({ agents }) => Object.values(agents).forEach((agent) => agent.destroy()),

    async call({ instance, settings }, request) {
      const { method, url, headers, body, multipart } = request;
      // Its own `timeout` begins when the connection is there.
      const signal = AbortSignal.timeout(settings.timeout * 1000);
      const data = multipart ? formOf(multipart) : body && (body.stream || body.bytes);
      const response = await instance.request({ method, url, headers, data: data || undefined, signal });
      return { status: response.status, body: await read(response.data, request) };
    },
  };
};
