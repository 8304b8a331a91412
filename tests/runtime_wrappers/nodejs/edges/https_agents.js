'use strict';
// Exchanges of https: its agents, their queues and sessions, handshakes that fail or never end.
//
// Both sides know a key beforehand (PSK), so that no certificate is needed.

const http = require('http');
const https = require('https');
const net = require('net');
const { once } = require('events');
const { text } = require('stream/consumers');

const { counts, pause, response } = require('./seeing');

const KEY = { psk: Buffer.from('00112233445566778899aabbccddeeff', 'hex'), identity: 'edges' };
const TLS = { ciphers: 'PSK', maxVersion: 'TLSv1.2' };
const CLIENT = { ...TLS, pskCallback: () => KEY, checkServerIdentity: () => undefined };

/** Node.js gives each connection with a PSK a name of its own, so that none waits for another; nor does it keep them. */
class Agent extends https.Agent {
  getName({ host, port }) {
    return super.getName({ host, port });
  }
}

module.exports = function ofHttpsAgents(told) {
  /** Run `act(port)` beside a server that echoes bodies, or says `plain`. */
  const serving = async (act, settings = {}) => {
    const server = https.createServer({ ...TLS, pskCallback: () => KEY.psk, ...settings }, (request, answer) => {
      if (request.method === 'POST') request.pipe(answer);
      else setTimeout(() => answer.end('plain'), 5);
    });
    server.on('tlsClientError', () => {}).on('error', () => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      return await act(server.address().port);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  };
  const get = (port, options) => https.get({ host: '127.0.0.1', port, path: '/plain', ...CLIENT, ...options });
  const names = (list, port) => Object.entries(list).map(([name, all]) => [name.replaceAll(String(port), 'PORT'), all.length]);

  return {
    'https agent: three one after another': () =>
      serving(async (port) => {
        const agent = new Agent({ keepAlive: true });
        const seen = [];
        for (let turn = 0; turn < 3; turn += 1) {
          const request = get(port, { agent });
          const body = await text(await response(request));
          await pause(5);
          seen.push([body, request.reusedSocket, names(agent.freeSockets, port), names(agent.sockets, port)]);
        }
        agent.destroy();
        return seen;
      }),
    'https agent: three wait for one connection': () =>
      serving(async (port) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const requests = [1, 2, 3].map(() => get(port, { agent }));
        const queued = names(agent.requests, port);
        const bodies = await Promise.all(requests.map(async (one) => text(await response(one))));
        agent.destroy();
        return [queued, bodies, requests.map((one) => one.reusedSocket)];
      }),
    'https agent: destroyed while one waits in its queue': () =>
      serving(async (port) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const [first, second] = [get(port, { agent }), get(port, { agent })];
        const ends = Promise.all([first, second].map((one) => once(one, 'close').catch(told)));
        first.on('error', () => {});
        second.on('error', () => {}).destroy();
        await pause(5);
        agent.destroy();
        await ends;
        return [first.destroyed, second.destroyed];
      }),
    'https agent: none': () =>
      serving(async (port) => {
        const request = get(port, { agent: false });
        const body = await text(await response(request));
        return [body, request.reusedSocket, request.getHeader('connection')];
      }),
    'https agent: its connection is of the user\'s making': () =>
      serving(async (port) => {
        class Own extends Agent {
          createConnection(options, callback) {
            this.made = (this.made || 0) + 1;
            return super.createConnection(options, callback);
          }
        }
        const agent = new Own({ keepAlive: true });
        const bodies = [];
        for (let turn = 0; turn < 2; turn += 1) bodies.push(await text(await response(get(port, { agent }))));
        agent.destroy();
        return [bodies, agent.made];
      }),
    'https socket: its listeners and its events in their order': () =>
      serving(async (port) => {
        const seen = [];
        const request = get(port, { agent: false });
        request.on('socket', (socket) => {
          seen.push(counts(socket));
          for (const event of ['lookup', 'connect', 'secureConnect', 'close']) socket.on(event, () => seen.push(event));
        });
        const one = await response(request);
        // Which came first among those that somebody took off and on again is not told.
        seen.push(counts(one.socket).sort(), one.socket.encrypted, one.socket.getCipher().name, Object.keys(one.socket).length);
        await text(one);
        await once(request, 'close');
        return seen;
      }),
    'https: a body in pieces comes back': () =>
      serving(async (port) => {
        const request = https.request({ host: '127.0.0.1', port, method: 'POST', ...CLIENT, agent: false });
        request.write('a'.repeat(100_000));
        request.end('b');
        const body = await text(await response(request));
        return [body.length, body.at(-1)];
      }),
    'https: the peer knows no such key': () =>
      serving(
        async (port) => {
          const [error] = await once(get(port, { agent: false }), 'error');
          return [error.name, error.code, error.stack.split('\n').slice(1)];
        },
        { pskCallback: () => null },
      ),
    'https: the peer speaks no TLS': async () => {
      const server = http.createServer().on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const [error] = await once(get(server.address().port, { agent: false }), 'error');
      server.close();
      return [error.name, error.code, error.syscall];
    },
    'https: aborted in a handshake that never ends': async () => {
      const server = net.createServer(() => {});
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const request = get(server.address().port, { agent: false, signal: AbortSignal.timeout(50) });
      const [error] = await once(request, 'error');
      server.close();
      return [error.name, error.code, request.destroyed];
    },
    'https: time-out in a handshake that never ends': async () => {
      const server = net.createServer(() => {});
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const request = get(server.address().port, { agent: false, timeout: 50 });
      await once(request, 'timeout');
      const seen = counts(request);
      request.on('error', () => {}).destroy();
      server.close();
      return seen;
    },
  };
};
