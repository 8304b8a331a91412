'use strict';
// Sends a secret to hosts whose bodies are excluded, whatever stands between: one process for each way.
//
//   node send.js WAY PACKAGES      one JSON line: what each answer was
//   node send.js --ways            the ways

const SECRET = 'KtQ7-marker-of-a-secret';
const HOSTS = [
  'secretsmanager.eu-west-1.amazonaws.com',
  'kms.eu-west-1.amazonaws.com',
  'ssm.eu-west-1.amazonaws.com',
  'sts.amazonaws.com',
  'vault.internal',
];

const [way, packages] = process.argv.slice(2);
const named = (name) => require(`${packages}/${name}`);
const lookup = (_host, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
const POST = { method: 'POST', body: `{"secret":"${SECRET}"}` };

/** Answers whatever is asked; as a proxy it tunnels to itself. */
async function serving() {
  const http = require('http');
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify({ SecretString: SECRET, more: 'x'.repeat(100_000) })));
  });
  server.on('connect', (_request, socket) => {
    const peer = require('net').connect(server.address().port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      peer.pipe(socket).pipe(peer);
    });
    peer.on('error', () => socket.destroy());
    socket.on('error', () => peer.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

const read = async (response) => (await response.text()).length;
const undici = (name, use) => async (host, port) => {
  const library = named(name);
  return use(library, host, port);
};
const requested = async ({ request }, url, options) => (await (await request(url, { ...POST, ...options })).body.text()).length;

function byHttp(options) {
  const http = require('http');
  return new Promise((resolve, reject) => {
    const request = http.request({ method: 'POST', ...options }, (response) => {
      let size = 0;
      response.on('data', (chunk) => {
        size += chunk.length;
      });
      response.on('end', () => resolve(size));
    });
    request.on('error', reject).end(POST.body);
  });
}

async function byHttp2(headers, connecting = () => undefined) {
  const http2 = require('http2');
  const server = http2.createServer((request, response) => {
    request.resume().on('end', () => response.end(SECRET.repeat(1000)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const session = http2.connect(`http://127.0.0.1:${port}`, { createConnection: connecting(port) });
  const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
  stream.end(POST.body);
  let size = 0;
  for await (const chunk of stream) size += chunk.length;
  session.close();
  server.close();
  return size;
}

const proxy = (port) => `http://127.0.0.1:${port}`;
const WAYS = {
  // What the environment says is read when Node starts: see ENVIRONMENT in test_targets.py.
  'fetch env-proxy': async (host) => read(await fetch(`http://${host}/`, POST)),
  'http env-proxy': (host) => byHttp({ host }),
  'http agent proxyEnv': (host, port) => byHttp({ host, agent: new (require('http').Agent)({ proxyEnv: { HTTP_PROXY: proxy(port) } }) }),

  'http lookup': (host, port) => byHttp({ host, port, lookup }),
  'http Host header': (host, port) => byHttp({ host: '127.0.0.1', port, headers: { Host: host } }),
  'http host header with port': (host, port) => byHttp({ host: '127.0.0.1', port, headers: { host: `${host}:443` } }),
  'http Host header in capitals': (host, port) => byHttp({ host: '127.0.0.1', port, headers: { host: host.toUpperCase() } }),
  'http raw headers': (host, port) => byHttp({ host: '127.0.0.1', port, headers: ['Host', host, 'Content-Length', String(POST.body.length)] }),
  'http Host set later'(host, port) {
    const http = require('http');
    return new Promise((resolve, reject) => {
      const request = http.request({ method: 'POST', host: '127.0.0.1', port }, (response) => {
        response.resume().on('end', () => resolve(1));
      });
      request.setHeader('Host', host);
      request.on('error', reject).end(POST.body);
    });
  },
  'http absolute path': (host, port) => byHttp({ host: '127.0.0.1', port, path: `http://${host}/`, headers: { host } }),
  'http absolute path alone': (host, port) => byHttp({ host: '127.0.0.1', port, path: `https://${host}/` }),
  'http createConnection': (host, port) => byHttp({ host, createConnection: () => require('net').connect(port, '127.0.0.1') }),
  'http agent connects elsewhere'(host, port) {
    const agent = new (require('http').Agent)();
    agent.createConnection = () => require('net').connect(port, '127.0.0.1');
    return byHttp({ host, agent });
  },
  hpagent: (host, port) => byHttp({ host, agent: new (named('hpagent').HttpProxyAgent)({ proxy: proxy(port) }) }),
  tunnel: (host, port) => byHttp({ host, agent: named('tunnel').httpOverHttp({ proxy: { host: '127.0.0.1', port } }) }),
  async 'axios proxy'(host, port) {
    const options = { proxy: { host: '127.0.0.1', port }, responseType: 'text' };
    return (await named('axios').post(`http://${host}/`, POST.body, options)).data.length;
  },
  async 'axios proxy to https'(host, port) {
    const path = `https://${host}/`;
    return byHttp({ host: '127.0.0.1', port, path, headers: { host } });
  },
  'http connects to it'(host, port) {
    return byHttp({ host: '127.0.0.1', createConnection: () => require('net').connect({ port, host, lookup }) });
  },
  'http2 connects to it'(host) {
    const connecting = (port) => () => require('net').connect({ port, host, lookup });
    return byHttp2({ ':authority': 'other.invalid' }, connecting);
  },
  'http2 authority': (host) => byHttp2({ ':authority': host }),
  'http2 host': (host) => byHttp2({ host }),
};

for (const name of ['undici-5', 'undici', 'undici-7', 'undici-8']) {
  WAYS[`${name} ProxyAgent`] = undici(name, (library, host, port) =>
    requested(library, `http://${host}/`, { dispatcher: new library.ProxyAgent(proxy(port)) }));
  WAYS[`${name} Host header`] = undici(name, (library, host, port) =>
    requested(library, proxy(port), { headers: { host } }));
  WAYS[`${name} Host header in a list`] = undici(name, (library, host, port) =>
    requested(library, proxy(port), { headers: ['Host', host] }));
  WAYS[`${name} absolute path`] = undici(name, async (library, host, port) => {
    const client = new library.Client(proxy(port));
    return (await (await client.request({ ...POST, path: `http://${host}/` })).body.text()).length;
  });
  WAYS[`${name} Client of an address`] = undici(name, async (library, host, port) => {
    const client = new library.Client(proxy(port));
    return (await (await client.request({ ...POST, path: '/', headers: { host } })).body.text()).length;
  });
  WAYS[`${name} connect options`] = undici(name, (library, host, port) =>
    requested(library, `http://${host}:${port}/`, { dispatcher: new library.Agent({ connect: { lookup } }) }));
  WAYS[`${name} connects to it`] = undici(name, (library, host, port) => {
    const connect = (_options, done) => {
      const socket = require('net').connect({ port, host, lookup }, () => done(null, socket));
    };
    return requested(library, proxy(port), { dispatcher: new library.Agent({ connect }) });
  });
  WAYS[`${name} connects elsewhere`] = undici(name, (library, host, port) => {
    const connect = (_options, done) => {
      const socket = require('net').connect(port, '127.0.0.1', () => done(null, socket));
    };
    return requested(library, `http://${host}/`, { dispatcher: new library.Agent({ connect }) });
  });
}
for (const name of ['undici', 'undici-7', 'undici-8']) {
  for (const proxyTunnel of [true, false]) {
    WAYS[`${name} ProxyAgent tunnels ${proxyTunnel}`] = undici(name, (library, host, port) =>
      requested(library, `http://${host}/`, { dispatcher: new library.ProxyAgent({ uri: proxy(port), proxyTunnel }) }));
  }
  WAYS[`${name} EnvHttpProxyAgent`] = undici(name, (library, host, port) =>
    requested(library, `http://${host}/`, { dispatcher: new library.EnvHttpProxyAgent({ httpProxy: proxy(port) }) }));
  WAYS[`${name} interceptors.dns`] = undici(name, (library, host, port) => {
    const { dns } = library.interceptors;
    const found = dns({ lookup: (_origin, _options, done) => done(null, [{ address: '127.0.0.1', family: 4, ttl: 1000 }]) });
    return requested(library, `http://${host}:${port}/`, { dispatcher: new library.Agent().compose(found) });
  });
}

async function main() {
  if (way === '--ways') return Object.keys(WAYS);
  const port = Number(process.env.PROXY_PORT) || 0;
  const itsPort = port || (await serving());
  const seen = [];
  for (const host of HOSTS) seen.push(await WAYS[way](host, itsPort));
  return seen;
}


if (process.argv[2] === '--serve') {
  serving().then((port) => console.log(port));
} else {
  main().then(
    (seen) => {
      console.log(JSON.stringify(seen));
      process.exit();
    },
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
