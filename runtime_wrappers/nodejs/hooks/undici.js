'use strict';
// Node's own fetch and every copy of undici: both publish the same channels, with the same request object in each message.
//
// Limitations:
// - undici before 7 has no channel for body bytes: there Request.prototype's onBodySent and onData are wrapped, and a
//   stack trace of user code that runs in a 'data' event of undici.request() has one frame more.
// - A response counts as read when it has come: undici stops reading from the network when nobody takes it.

const diagnosticsChannel = require('diagnostics_channel');

const { guarded } = require('../faults');
const { DESCRIPTOR } = require('../hidden_listeners');
const { NOTHING } = require('../capture_rules');
const { nextTick, setImmediate } = require('../natives');
const { privateSlot } = require('../private_slots');
const sockets = require('./sockets');
const { Tunnel, UndiciExchange } = require('./undici_exchange');

const exchanges = privateSlot(); // undici's Request -> UndiciExchange or Tunnel
const waiting = new Map(); // origin -> Set of exchanges that have no connection yet
const seenClasses = new WeakSet();
let calls = null;

function begin(request) {
  const { origin, host, port } = target(request.origin);
  if (request.method === 'CONNECT') {
    const tunnelled = waiting.get(`https://${request.path}`.replace(/:443$/, '')) || waiting.get(`http://${request.path}`);
    if (tunnelled) return queued(new Tunnel([...tunnelled], origin));
  }
  const capture = calls.rules.of(host, port);
  if (capture === NOTHING) return null;
  const call = calls.begin('undici', request.method, origin + request.path, capture);
  return queued(new UndiciExchange(call, calls.rules.callBytes, origin));
}

function queued(exchange) {
  const others = waiting.get(exchange.origin);
  if (others === undefined) waiting.set(exchange.origin, new Set([exchange]));
  else others.add(exchange);
  return exchange;
}

function target(origin) {
  const { hostname, port, protocol, origin: text } = new URL(String(origin));
  return { origin: text, host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

function leaveQueue(exchange) {
  const others = waiting.get(exchange.origin);
  if (others !== undefined && others.delete(exchange) && others.size === 0) waiting.delete(exchange.origin);
}

function made({ request }) {
  wrapOldMethods(Object.getPrototypeOf(request));
  const exchange = begin(request);
  if (exchange === null) return;
  exchanges.set(request, exchange);
  propagate(request, exchange);
  setImmediate(created, exchange).unref();
}

const handlers = {
  'undici:client:beforeConnect'({ connectParams: { host, protocol } }) {
    const { origin, host: name } = target(`${protocol}//${host}`);
    const followers = [...(waiting.get(origin) || [])];
    if (followers.length === 0) return;
    for (const follower of followers) follower.connects(name);
    // The connector is called at once.
    const group = { connection: (stage) => followers.forEach((follower) => follower.connection(stage)) };
    const restore = sockets.observe((socket) => sockets.follow(socket, group));
    nextTick(restore);
  },

  'undici:client:sendHeaders'({ request, headers, socket }) {
    const exchange = exchanges.get(request);
    if (exchange === undefined) return;
    leaveQueue(exchange);
    exchange.sendsHead(`${request.method} ${request.path}`, headers, socket);
    nextTick(sending, exchange);
  },

  'undici:request:bodySent'({ request }) {
    exchanges.get(request)?.sentAll();
  },

  'undici:request:bodyChunkSent'({ request, chunk }) {
    exchanges.get(request)?.sent(chunk);
  },

  'undici:request:headers'({ request, response }) {
    if (response.statusCode >= 200) exchanges.get(request)?.responded(response);
  },

  'undici:request:bodyChunkReceived'({ request, chunk }) {
    exchanges.get(request)?.received(chunk);
  },

  'undici:request:trailers'({ request }) {
    end(request, null);
  },

  'undici:request:error'({ request, error }) {
    end(request, error);
  },
};

function propagate(request, { call }) {
  const traceparent = call && call.traceparent;
  if (!traceparent || typeof request.addHeader !== 'function') return;
  const { headers } = request;
  const names = typeof headers === 'string' ? headers : headers.filter((_, at) => at % 2 === 0).join(':\r\n');
  if (!/(^|\n)traceparent(:|$)/im.test(names)) request.addHeader('traceparent', traceparent);
}

function end(request, error) {
  const exchange = exchanges.get(request);
  if (exchange === undefined) return;
  leaveQueue(exchange);
  exchange.over(error);
}

const created = guarded('undici:create', (exchange) => exchange.created());
const sending = guarded('undici:sendHeaders', (exchange) => exchange.sending());

/** Once for each copy of undici: methods of its class Request for what it has no channel for. */
function wrapOldMethods(prototype) {
  if (seenClasses.has(prototype)) return;
  seenClasses.add(prototype);
  const publishesChunks = /bodyChunkSent/.test(String(prototype.onBodySent));
  if (!publishesChunks) {
    wrap(prototype, 'onBodySent', (request, chunk) => exchanges.get(request)?.sent(chunk));
    wrap(prototype, 'onData', (request, chunk) => exchanges.get(request)?.received(chunk));
  }
  const upgraded = (request, status, headers) => {
    const exchange = exchanges.get(request);
    if (exchange === undefined) return;
    leaveQueue(exchange);
    exchange.upgraded(status, headers);
  };
  wrap(prototype, 'onUpgrade', upgraded);
  wrap(prototype, 'onRequestUpgrade', upgraded);
}

function wrap(prototype, name, before) {
  const original = Object.getOwnPropertyDescriptor(prototype, name);
  if (original === undefined || typeof original.value !== 'function') return;
  const seen = guarded(`undici:${name}`, before);
  const value = {
    [name](...args) {
      seen(this, ...args);
      return Reflect.apply(original.value, this, args);
    },
  }[name];
  Object.defineProperty(prototype, name, { ...DESCRIPTOR, value });
}

/** Returns what is called with each message of `undici:request:create`. */
function install(itsCalls) {
  calls = itsCalls;
  sockets.install();
  for (const name of Object.keys(handlers)) diagnosticsChannel.channel(name).subscribe(guarded(name, handlers[name]));
  return made;
}

module.exports = { install };
