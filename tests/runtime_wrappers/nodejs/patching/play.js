'use strict';
// Patches what the wrapper touches, in one of the ways in which libraries do it, and says what a user can see of it.
//
//   node play.js WAY before|after PACKAGES      one JSON line: {property: what was seen}
//
// `before`: right after Node's modules are loaded, so before the wrapper's hooks; `after`: when there was an emitter.

const [way, moment, packages] = process.argv.slice(2);
const { EventEmitter } = require('events');
const http = require('http');
const http2 = require('http2');
const net = require('net');

if (moment === 'after') new EventEmitter();

const PROPERTIES = {
  'net.Socket.prototype.connect': [net.Socket.prototype, 'connect'],
  'net.Socket.prototype._writeGeneric': [net.Socket.prototype, '_writeGeneric'],
  'net.Socket.prototype.emit': [net.Socket.prototype, 'emit'],
  'http.Agent.prototype.addRequest': [http.Agent.prototype, 'addRequest'],
  'http.ClientRequest.prototype.onSocket': [http.ClientRequest.prototype, 'onSocket'],
  'http.ClientRequest.prototype.emit': [http.ClientRequest.prototype, 'emit'],
  'http.OutgoingMessage.prototype._send': [http.OutgoingMessage.prototype, '_send'],
  'http.IncomingMessage.prototype.emit': [http.IncomingMessage.prototype, 'emit'],
  'EventEmitter.init': [EventEmitter, 'init'],
  'EventEmitter.prototype.emit': [EventEmitter.prototype, 'emit'],
  'EventEmitter.prototype.listeners': [EventEmitter.prototype, 'listeners'],
  'EventEmitter.prototype.listenerCount': [EventEmitter.prototype, 'listenerCount'],
  'process.dlopen': [process, 'dlopen'],
};

const { defineProperty, getOwnPropertyDescriptor } = Object;
const wrapped = (original, seen) =>
  function patch() {
    seen.calls += 1;
    return Reflect.apply(original, this, arguments);
  };

function byDescriptor(make) {
  return (owner, name, seen) => {
    const before = getOwnPropertyDescriptor(owner, name);
    defineProperty(owner, name, make(before || {}, wrapped(owner[name], seen)));
    return () => {
      if (before === undefined) delete owner[name];
      else defineProperty(owner, name, before);
    };
  };
}

/** Each returns how to undo it. */
const WAYS = {
  assignment(owner, name, seen) {
    const original = owner[name];
    const isOwn = Object.hasOwn(owner, name);
    owner[name] = wrapped(original, seen);
    return () => {
      if (isOwn) owner[name] = original;
      else delete owner[name];
    };
  },
  'define value': byDescriptor((_, value) => ({ value, enumerable: true, configurable: true })),
  'define value alone': byDescriptor((_, value) => ({ value, configurable: true })),
  'spread descriptor': byDescriptor((before, value) => ({ configurable: true, ...before, value })),
  'define accessor': byDescriptor((_, value) => ({ get: () => value, set() {}, configurable: true })),
  'delete and define'(owner, name, seen) {
    const before = getOwnPropertyDescriptor(owner, name);
    const value = wrapped(owner[name], seen);
    delete owner[name];
    defineProperty(owner, name, { writable: true, configurable: true, value });
    return () => {
      delete owner[name];
      if (before !== undefined) defineProperty(owner, name, before);
    };
  },
  'sinon spy'(owner, name, seen) {
    const spy = require(`${packages}/sinon`).spy(owner, name);
    return () => {
      seen.calls = spy.callCount;
      spy.restore();
    };
  },
  'sinon stub'(owner, name, seen) {
    const stub = require(`${packages}/sinon`).stub(owner, name).callThrough();
    return () => {
      seen.calls = stub.callCount;
      stub.restore();
    };
  },
  tinyspy(owner, name, seen) {
    const spy = require(`${packages}/tinyspy`).internalSpyOn(owner, name);
    return () => {
      seen.calls = spy[Object.getOwnPropertySymbols(spy)[0]]?.callCount ?? Number(spy.called ?? seen.calls);
      spy.restore?.();
    };
  },
  shimmer(owner, name, seen) {
    const shimmer = require(`${packages}/shimmer`);
    shimmer.wrap(owner, name, (original) => wrapped(original, seen));
    return () => shimmer.unwrap(owner, name);
  },
  'no patch'() {
    return () => {};
  },
};

const shape = (owner, name) => {
  const { value, ...rest } = getOwnPropertyDescriptor(owner, name) || {};
  const { name: called, length } = owner[name];
  return { ...rest, type: typeof value, called, length, own: Object.hasOwn(owner, name) };
};
/** Where the wrapper has put a method that Node inherits, only what it does can be the same. */
const shapeOf = (owner, name) => (name === 'emit' && owner !== EventEmitter.prototype ? 'inherited' : shape(owner, name));

function attempt(run) {
  try {
    return run();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

/** What code does with instances, in strict mode. */
function ofInstances() {
  const socket = new net.Socket();
  const agent = new http.Agent();
  const found = [];
  for (const [object, name] of [[socket, 'connect'], [socket, '_writeGeneric'], [agent, 'addRequest']]) {
    found.push(
      attempt(() => {
        object[name] = object[name];
        return [Object.hasOwn(object, name), object.propertyIsEnumerable(name)];
      }),
    );
  }
  for (const [owner, name] of Object.values(PROPERTIES)) {
    found.push(attempt(() => typeof Reflect.get(owner, name, undefined)));
    found.push(attempt(() => typeof { ...owner }[name] === 'function' || name === 'emit'));
  }
  found.push(attempt(() => net.Socket.prototype.connect.call(undefined)).replace(/\(reading.*/, ''));
  found.push(attempt(() => http.ClientRequest.prototype.emit.call({}, 'x')));
  return found;
}

async function traffic() {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.end('x'.repeat(50_000)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const seen = [];
  seen.push(
    await new Promise((resolve, reject) => {
      const request = http.request(url, { method: 'POST', agent: new http.Agent({ keepAlive: false }) }, (response) => {
        let size = 0;
        response.on('data', (chunk) => {
          size += chunk.length;
        });
        response.on('close', () => resolve([response.statusCode, size, request.listenerCount('close')]));
      });
      request.on('error', reject).end('some text');
    }),
  );
  seen.push((await (await fetch(url, { method: 'POST', body: 'text' })).text()).length);
  server.close();
  server.closeAllConnections();
  return seen;
}

async function overHttp2() {
  const server = http2.createServer((request, response) => response.end('over http2'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  let text = '';
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  for await (const piece of stream) text += piece;
  session.close();
  server.close();
  return [text, stream.listenerCount('close'), stream.eventNames().map(String)];
}

async function main() {
  const seen = {};
  const restores = [];
  for (const [property, [owner, name]] of Object.entries(PROPERTIES)) {
    const one = { shape: shapeOf(owner, name), calls: 0 };
    seen[property] = one;
    one.patched = attempt(() => {
      restores.push([one, WAYS[way](owner, name, one)]);
      return shapeOf(owner, name);
    });
  }
  seen.instances = ofInstances();
  seen.traffic = await traffic().catch((error) => `${error.name}: ${error.message}`);
  seen.http2 = await overHttp2().catch((error) => `${error.name}: ${error.message}`);
  for (const [one, restore] of restores.reverse()) one.restored = attempt(restore) || 'restored';
  for (const [property, [owner, name]] of Object.entries(PROPERTIES)) {
    seen[property].calls = seen[property].calls > 0;
    seen[property].after = shapeOf(owner, name);
  }
  seen.again = await traffic().catch((error) => `${error.name}: ${error.message}`);
  console.log(JSON.stringify(seen));
  process.exit();
}

main();
