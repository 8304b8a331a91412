'use strict';
// Client sessions of http2, which is not loaded before the function loads it.
//
// A stream is found by the channel `http2.client.stream.created` (Node.js 24, and late 22), else when its session was
// asked for `request`: the next tick looks which stream is new. No module exports the session's class, so it is found
// through the socket of a session. A stream's further course is seen in the events that it emits, without a listener.
//
// Limitations: bytes written in the tick in which the process's first session was made are not seen. With
// AFTERCALL_PROPAGATE a session that was made on a socket older than the module gets no `traceparent`.

const { ALL, NOTHING } = require('../capture_rules');
const { guarded } = require('../faults');
const { symbolOf } = require('../internal_symbols');
const { nextTick } = require('../natives');
const { privateSlot } = require('../private_slots');
const { watchCalls, watchEvents } = require('../trampoline');
const { Http2Exchange } = require('./http2_exchange');
const { Propagation, classOfSessions } = require('./http2_propagation');
const { named, parse } = require('./authority');
const { captureOf, namesOf } = require('./http_target');
const sockets = require('./sockets');

const HAS_CREATED = Number(process.versions.node.split('.')[0]) >= 24;
const CLIENT = 1; // NGHTTP2_SESSION_CLIENT

const exchanges = privateSlot(); // ClientHttp2Stream -> Http2Exchange, null if it is not recorded
const isDue = privateSlot(); // ClientHttp2Session -> whether the next tick looks for new streams
let calls = null;
let classesSeen = false;
let propagation = null;

const begin = guarded('http2:created', (stream) => {
  if (exchanges.get(stream) !== undefined) return;
  exchanges.set(stream, null);
  const { session, sentHeaders } = stream;
  if (!session || session.type !== CLIENT || !sentHeaders) return; // without headers sent: what the server pushes
  const socket = session[symbolOf(session, 'socket')];
  if (socket && sockets.isOfUndici(socket)) return; // told by undici's own channels
  seeClasses(stream);
  const exchange = exchangeFor(sentHeaders, socket);
  if (exchange === null) return;
  exchanges.set(stream, exchange);
  exchange.onCreated(session, hostOf(sentHeaders));
  if (session.connecting && socket) sockets.follow(socket, exchange);
});

const authorityOf = (headers) => headers[':authority'] || headers.host;
const hostOf = (headers) => parse(`http://${authorityOf(headers)}`).host;

function exchangeFor(headers, socket) {
  const method = String(headers[':method']);
  const isConnect = method === 'CONNECT' && !headers[':scheme'];
  const { origin, host, port } = parse(`${isConnect ? 'http' : headers[':scheme']}://${authorityOf(headers)}`);
  const names = [[host, port], ...named(headers.host, port), ...namesOf(socket, port)];
  const capture = captureOf(calls.rules, { names });
  if (capture === NOTHING) return null;
  const target = isConnect ? `http://${authorityOf(headers)}` : origin + (headers[':path'] || '/');
  const call = calls.begin('http2', method, target, capture);
  if (propagation !== null) call.spanId = propagation.spanIdOf(headers) || call.spanId;
  return new Http2Exchange(call, headers, capture === ALL);
}

const EVENTS = {
  __proto__: null,
  ready: (stream) => exchanges.get(stream)?.onConnectionStage('open', stream),
  finish: (stream) => exchanges.get(stream)?.onRequestSent(),
  response: (stream, headers, _flags, raw) => exchanges.get(stream)?.onResponse(headers, raw),
  data: (stream, chunk) => exchanges.get(stream)?.onBodyChunk(chunk, stream.readableEncoding),
  // A stream that its user destroys ends too.
  end: (stream) => exchanges.get(stream)?.end(null, !stream.destroyed && !stream.aborted),
  close: (stream) => exchanges.get(stream)?.onClose(stream.rstCode),
  error: (stream, error) => exchanges.get(stream)?.onError(error),
};

/** Watch, from the first stream on, what streams emit and what is written to them. */
function seeClasses(stream) {
  if (classesSeen) return;
  classesSeen = true;
  const prototype = Object.getPrototypeOf(stream);
  watchEvents(prototype, 'http2:event', EVENTS);
  const parent = Object.getPrototypeOf(prototype);
  watchCalls(parent, '_write', 'http2:write', (one, [chunk, encoding]) => sent(one, chunk, encoding));
  watchCalls(parent, '_writev', 'http2:write', (one, [chunks]) => {
    for (let at = 0; at < chunks.length; at += 1) sent(one, chunks[at].chunk, chunks[at].encoding);
  });
}

function sent(stream, chunk, encoding) {
  if (exchanges.get(stream) === undefined) begin(stream); // written in the tick in which it was made
  exchanges.get(stream)?.onSent(chunk, encoding);
}

/** A socket begins to connect: if it is for the first session, its class becomes known in the next tick. */
function connecting(socket) {
  if (propagation !== null) hookFirst();
  else nextTick(findSession, socket);
}

/** The first request is often made in the tick of its session, so the class must be known before. */
const hookFirst = guarded('http2:class', () => {
  sockets.forget(connecting);
  hookRequest(classOfSessions());
});

/** Node keeps it on its socket, under a symbol; late releases of 20 by mistake under the name `undefined`. */
function sessionOf(socket) {
  for (const key of ['undefined', ...Object.getOwnPropertySymbols(socket)]) {
    const value = Object.getOwnPropertyDescriptor(socket, key)?.value;
    if (value && typeof value.request === 'function') return value;
  }
  return undefined;
}

const findSession = guarded('http2:session', (socket) => {
  const session = sessionOf(socket);
  if (session === undefined) return;
  sockets.forget(connecting);
  hookRequest(Object.getPrototypeOf(session));
  findStreams(session);
});

function hookRequest(prototype) {
  watchCalls(prototype, 'request', 'http2:request', (session, list) => {
    if (propagation !== null) propagation.add(calls.context.current(), list);
    if ((HAS_CREATED && propagation === null) || isDue.get(session)) return;
    isDue.set(session, true); // one look finds all streams made in this tick
    nextTick(findStreams, session);
  });
}

const findStreams = guarded('http2:streams', (session) => {
  isDue.set(session, false);
  const state = session[symbolOf(session, 'state')];
  if (state === undefined) return;
  for (const stream of state.pendingStreams) begin(stream);
  for (const stream of state.streams.values()) begin(stream);
});

/** Returns what is called with each message of `http2.client.stream.created`. */
function install(itsCalls) {
  calls = itsCalls;
  sockets.install();
  if (calls.rules.propagates) propagation = new Propagation();
  if (!HAS_CREATED || propagation !== null) sockets.notice(connecting);
  return ({ stream }) => begin(stream);
}

module.exports = { install };
