'use strict';
// Exchanges of http: queues, keep-alive, connections of the user's own.

const http = require('http');
const { once } = require('events');
const { text } = require('stream/consumers');

const { counts, pause, response } = require('./seeing');

module.exports = function ofAgents(url) {
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
};
