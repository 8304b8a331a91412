'use strict';
// node-fetch 3, an ECMAScript module, and 2, which may be imported as well.

const http = require('http');
const https = require('https');

const { read } = require('./reading');

module.exports = async (packages) => {
  const fetch_ = await packages.import().then((module_) => module_.default);
  return {
    open(settings) {
      const options = { keepAlive: true, maxSockets: settings.limit || Infinity };
      return { settings, agents: { 'http:': new http.Agent(options), 'https:': new https.Agent(options) } };
    },

    close: ({ agents }) => Object.values(agents).forEach((agent) => agent.destroy()),

    async call({ settings, agents }, request) {
      const { method, url, headers, body } = request;
      const signal = AbortSignal.timeout(settings.timeout * 1000);
      const sent = body && (body.stream || body.bytes);
      const agent = ({ protocol }) => agents[protocol];
      const response = await fetch_(url, { method, headers, body: sent || undefined, signal, agent });
      return { status: response.status, body: await read(response.body, request) };
    },
  };
};
