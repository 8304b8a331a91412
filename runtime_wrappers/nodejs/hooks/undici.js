'use strict';
// Node's own fetch and every copy of undici: both publish the same channels, with the same request object in each message.
//
// A client makes a connection in the turn in which it is given a request, so a new connection belongs to the request that
// was made last, or to the one that has waited longest. The stage of the others is `queue`.
//
// Limitations:
// - undici before 7 has no channel for body bytes: there Request.prototype's onBodySent and onData are watched.
// - A response counts as read once it is received: undici stops reading from the network when nobody reads the body.

const { guarded } = require('../faults');
const { ALL, NOTHING } = require('../capture_rules');
const { channel, nextTick, setImmediate } = require('../natives');
const { privateSlot } = require('../private_slots');
const { watchCalls } = require('../trampoline');
const { named, parse, parseOrigin } = require('./authority');
const { captureOf, captureOfSocket } = require('./http_target');
const sockets = require('./sockets');
const { Tunnel, UndiciExchange } = require('./undici_exchange');

const exchanges = privateSlot(); // undici's Request -> UndiciExchange or Tunnel
const origins = privateSlot(); // net.Socket -> the origin that it leads to
const waiting = new Map(); // origin -> Set of exchanges that have no connection yet
const seenClasses = new WeakSet();
let calls = null;
let newest = null; // the exchange that was made last, in this turn
let leader = null; // the one for which a connection is being made

function begin(request) {
  const origin = originOf(request.origin);
  const { method, path } = request;
  if (method === 'CONNECT' && leader !== null && leader.isFor(path)) return queued(new Tunnel(leader, origin));
  const target = targetOf(origin, request);
  const capture = captureOf(calls.rules, target);
  if (capture === NOTHING) return null;
  const call = calls.begin('undici', method, target.url, capture, target.proxy);
  return queued(new UndiciExchange(call, calls.rules.callBytes, origin, target.isForwarded));
}

/**
 * {url, proxy, names, isForwarded}: the origin is that of the connection or of the target, as undici's versions and
 * interceptors have it; a whole URL in the path and the Host header tell more. `names` as captureOf takes them.
 */
function targetOf(origin, { host, method, path, servername }) {
  const { host: name, port } = parseOrigin(origin);
  const names = [[name, port], ...named(host, port), ...named(servername, port)];
  if (method === 'CONNECT') {
    names.push(...named(path, 443));
    return { url: `http://${path}`, proxy: origin, names };
  }
  const target = /^https?:\/\//i.test(path) ? parse(path) : null;
  if (target === null) return { url: origin + path, proxy: undefined, names, isForwarded: false };
  names.push([target.host, target.port]);
  return { url: path, proxy: target.origin === origin ? undefined : origin, names, isForwarded: true };
}

function queued(exchange) {
  const others = waiting.get(exchange.origin);
  if (others === undefined) waiting.set(exchange.origin, new Set([exchange]));
  else others.add(exchange);
  return exchange;
}

const originOf = (url) => parseOrigin(String(url)).origin;

function leaveQueue(exchange) {
  const others = waiting.get(exchange.origin);
  if (others !== undefined && others.delete(exchange) && others.size === 0) waiting.delete(exchange.origin);
}

/** The exchange for which a connection to this origin is made. */
function leaderOf(origin) {
  if (newest !== null && !newest.isLed && !newest.hasHead && newest.mayConnectTo(origin)) return newest;
  const others = waiting.get(origin);
  if (others === undefined) return null;
  for (const exchange of others) if (!exchange.isLed) return exchange;
  return others.values().next().value; // all have had one: the first one's has failed
}

function onRequestCreated({ request }) {
  watchOldMethods(Object.getPrototypeOf(request));
  const exchange = begin(request);
  if (exchange === null) return;
  exchanges.set(request, exchange);
  propagate(request, exchange);
  newest = exchange;
  setImmediate(afterTurn, exchange).unref();
}

const handlers = {
  'undici:client:beforeConnect'({ connectParams: { host, protocol } }) {
    const origin = originOf(`${protocol}//${host}`);
    const follower = leaderOf(origin);
    if (follower === null) return;
    follower.isLed = true;
    follower.onConnecting(parseOrigin(origin).host, origin);
    // The connector is called at once.
    leader = follower;
    const restore = sockets.observe((socket) => sockets.follow(socket, follower));
    nextTick(() => {
      restore();
      if (leader === follower) leader = null;
    });
  },

  'undici:client:connected'({ connectParams: { host, protocol }, socket }) {
    sockets.markAsOfUndici(socket);
    origins.set(socket, originOf(`${protocol}//${host}`));
  },

  'undici:client:sendHeaders'({ request, headers, socket }) {
    const exchange = exchanges.get(request);
    if (exchange === undefined) return;
    leaveQueue(exchange);
    if (captureOfSocket(calls.rules, socket) < ALL) exchange.excludeBodies();
    exchange.onSendHeaders(`${request.method} ${request.path}`, headers, socket, origins.get(socket));
    // Without a body the request is sent whole before this tick is over.
    if (request.body !== null && request.body !== undefined) nextTick(afterSendHeaders, exchange);
  },

  'undici:request:bodySent'({ request }) {
    exchanges.get(request)?.onRequestSent();
  },

  'undici:request:bodyChunkSent'({ request, chunk }) {
    exchanges.get(request)?.onSent(chunk);
  },

  'undici:request:headers'({ request, response }) {
    if (response.statusCode >= 200) exchanges.get(request)?.onResponse(response);
  },

  'undici:request:bodyChunkReceived'({ request, chunk }) {
    exchanges.get(request)?.onBodyChunk(chunk);
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
  exchange.onEnd(error);
}

const afterTurn = guarded('undici:create', (exchange) => {
  if (newest === exchange) newest = null;
  if (exchange.mayBeTaken()) setImmediate(afterNextTurn, exchange).unref();
  else exchange.onTurnEnd();
});
const afterNextTurn = guarded('undici:create', (exchange) => exchange.onTurnEnd());
const afterSendHeaders = guarded('undici:sendHeaders', (exchange) => exchange.afterSendHeaders());

/** Once for each copy of undici: watch methods of its class Request where it has no channel. */
function watchOldMethods(prototype) {
  if (seenClasses.has(prototype)) return;
  seenClasses.add(prototype);
  const watch = (name, before) => watchCalls(prototype, name, `undici:${name}`, before);
  if (!/bodyChunkSent/.test(String(prototype.onBodySent))) {
    watch('onBodySent', (request, [chunk]) => exchanges.get(request)?.onSent(chunk));
    watch('onData', (request, [chunk]) => exchanges.get(request)?.onBodyChunk(chunk));
  }
  const upgraded = (request, [status, headers]) => {
    const exchange = exchanges.get(request);
    if (exchange === undefined) return;
    leaveQueue(exchange);
    exchange.onUpgrade(status, headers);
  };
  watch('onUpgrade', upgraded);
  watch('onRequestUpgrade', upgraded);
}

/** Returns what is called with each message of `undici:request:create`. */
function install(itsCalls) {
  calls = itsCalls;
  sockets.install();
  for (const name of Object.keys(handlers)) channel(name).subscribe(guarded(name, handlers[name]));
  return onRequestCreated;
}

module.exports = { install };
