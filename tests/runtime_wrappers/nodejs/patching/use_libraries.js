'use strict';
// Libraries that patch Node or listen to its emitters, loaded before the wrapper's hooks or after them.
//
//   node use_libraries.js LIBRARY before|after PACKAGES      one JSON line: what the user of the library sees

const [library, moment, packages] = process.argv.slice(2);
const named = (name) => require(`${packages}/${name}`);
const warnings = [];
process.on('warning', ({ name, message }) => warnings.push([name, message.replace(/0x[0-9a-f]+/g, '')]));

function hookNow() {
  const http = require('http');
  require('http2');
  new (require('events').EventEmitter)();
  return http;
}
if (moment === 'after') hookNow();

async function serving(run) {
  const http = require('http');
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => response.end(`${request.method} ${request.url.replace(/:\d+/g, '')} ${text} ${'x'.repeat(20_000)}`));
  });
  // A proxy as hpagent and tunnel want it.
  server.on('connect', (request, socket) => {
    const [host, port] = request.url.split(':');
    const peer = require('net').connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      peer.pipe(socket).pipe(peer);
    });
    peer.on('error', () => socket.destroy());
    socket.on('error', () => peer.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  try {
    return await run(`http://127.0.0.1:${port}`, port);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function get(url, options = {}) {
  const http = require('http');
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      response.on('end', () => resolve([response.statusCode, text.length, text.slice(0, 30)]));
    });
    request.on('error', reject).end(options.body);
  });
}

const fetched = async (url) => {
  const response = await fetch(url);
  return [response.status, (await response.text()).length];
};
const told = (error) => [error.name, error.code, String(error.message).replace(/:\d+/g, '')];
const settled = (promise) => promise.catch(told);

async function mocked(name) {
  const loaded = named(name);
  const nock = loaded.default || loaded; // 15 is a module of ES
  nock('http://example.invalid').get('/mocked').reply(200, 'from nock').post('/refused').replyWithError('no');
  const first = await settled(get('http://example.invalid/mocked'));
  const second = await settled(get('http://example.invalid/refused', { method: 'POST' }));
  nock.cleanAll();
  nock.enableNetConnect();
  const real = await serving((url) => settled(get(`${url}/real`)));
  nock.restore();
  const later = await serving(async (url) => [await settled(get(`${url}/later`)), await settled(fetched(`${url}/f`))]);
  return [first, second, real, later];
}

function instrumented(name, exported, settings = {}) {
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = named('@opentelemetry/sdk-trace-base');
  const { registerInstrumentations } = named('@opentelemetry/instrumentation');
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const Instrumentation = named(name)[exported];
  registerInstrumentations({ tracerProvider: provider, instrumentations: [new Instrumentation(settings)] });
  return async (run) => {
    const result = await run();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const spans = exporter.getFinishedSpans().map(({ name: called, kind, status }) => [called, kind, status.code]);
    return [result, spans.sort()];
  };
}

const USES = {
  nock: () => mocked('nock'),
  'nock-14': () => mocked('nock-14'),
  'nock-13': () => mocked('nock-13'),

  async interceptors() {
    const { ClientRequestInterceptor } = named('@mswjs/interceptors/ClientRequest');
    const { FetchInterceptor } = named('@mswjs/interceptors/fetch');
    const seen = [];
    const found = [];
    for (const interceptor of [new ClientRequestInterceptor(), new FetchInterceptor()]) {
      interceptor.apply();
      interceptor.on('request', ({ request, controller }) => {
        seen.push(new URL(request.url).pathname);
        if (request.url.includes('mocked')) controller.respondWith(new Response('from msw', { status: 201 }));
      });
      found.push(await settled(get('http://example.invalid/mocked')), await settled(fetched('http://example.invalid/mocked')));
      found.push(await serving((url) => settled(get(`${url}/real`))), await serving((url) => settled(fetched(`${url}/real`))));
      interceptor.dispose();
    }
    return [found, seen, await serving((url) => settled(get(`${url}/later`)))];
  },

  'opentelemetry http': () =>
    instrumented('@opentelemetry/instrumentation-http', 'HttpInstrumentation')(() => serving((url) => get(`${url}/`))),
  'opentelemetry net': () =>
    instrumented('@opentelemetry/instrumentation-net', 'NetInstrumentation')(async () => [
      await serving((url) => get(`${url}/`)),
      await serving((url) => fetched(`${url}/`)),
    ]),
  'opentelemetry undici': () =>
    instrumented('@opentelemetry/instrumentation-undici', 'UndiciInstrumentation')(() => serving((url) => fetched(`${url}/`))),

  async hpagent() {
    const { HttpProxyAgent } = named('hpagent');
    return serving((proxy) => serving((url) => settled(get(`${url}/`, { agent: new HttpProxyAgent({ proxy }) }))));
  },

  async tunnel() {
    const { httpOverHttp } = named('tunnel');
    return serving((_, port) =>
      serving((url) => settled(get(`${url}/`, { agent: httpOverHttp({ proxy: { host: '127.0.0.1', port } }) }))),
    );
  },

  async 'x-ray promises'() {
    named('aws-xray-sdk-core').setContextMissingStrategy('LOG_ERROR');
    named('aws-xray-sdk-core').capturePromise();
    return serving((url) => settled(fetched(`${url}/`)));
  },

  async 'require-in-the-middle'() {
    const seen = [];
    const { Hook } = require(require.resolve('require-in-the-middle', { paths: [`${packages}/@opentelemetry/instrumentation`] }));
    new Hook(null, { internals: true }, (exports, name) => {
      seen.push(name);
      return exports;
    });
    const result = await serving(async (url) => [await settled(get(`${url}/`)), await settled(fetched(`${url}/`))]);
    return [result, seen];
  },

  async 'Module._load'() {
    const Module = require('module');
    const seen = [];
    const { _load } = Module;
    Module._load = function load(request) {
      seen.push(request);
      return Reflect.apply(_load, this, arguments);
    };
    const result = await serving(async (url) => [await settled(get(`${url}/`)), await settled(fetched(`${url}/`))]);
    return [result, seen];
  },
};

USES[library]().then(
  (seen) => {
    setImmediate(() => {
      console.log(JSON.stringify([seen, warnings]));
      process.exit();
    });
  },
  (error) => {
    console.log(JSON.stringify(['failed', told(error), String(error.stack).split('\n').slice(1, 4)]));
    process.exit();
  },
);
