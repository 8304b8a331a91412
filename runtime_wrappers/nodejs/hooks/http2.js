'use strict';
// Client sessions of http2, which is not loaded before the function loads it.
//
// A stream is found where `http2.client.stream.created` tells of it (Node.js 24, and late 22), else when its session was
// asked for `request`: an accessor on the prototype sees that, and the next tick looks which stream is new. The session's
// class is found through the socket that it connects, since no module exports it.
//
// Limitations: of what is written in the tick of a process's first session, the bytes are not seen. With
// AFTERCALL_PROPAGATE a session that was made on a socket older than the module gets no `traceparent`, and a stack trace
// from inside of `request` has one frame more: the header must be there before Node composes the head.

const { errorMonitor } = require('events');

const { ALL, NOTHING } = require('../capture_rules');
const { guarded } = require('../faults');
const { DESCRIPTOR, hiddenListener, hide, listen } = require('../hidden_listeners');
const { nextTick } = require('../natives');
const { Http2Exchange } = require('./http2_exchange');
const { classOfSessions, withTraceparent } = require('./http2_propagation');
const sockets = require('./sockets');

const HAS_CREATED = Number(process.versions.node.split('.')[0]) >= 24;
const CLIENT = 1; // NGHTTP2_SESSION_CLIENT

const exchanges = new WeakMap(); // ClientHttp2Stream -> Http2Exchange, null where it is not recorded
let calls = null;
let classesSeen = false;
let givenSpanId; // of the request that is being made: its head has it already

/** A symbol's value by its description: Node keeps a session's state and socket under symbols of its own. */
function internal(object, description) {
  for (let owner = object; owner; owner = Object.getPrototypeOf(owner)) {
    const symbol = Object.getOwnPropertySymbols(owner).find((one) => one.description === description);
    if (symbol !== undefined) return object[symbol];
  }
  return undefined;
}

const begin = guarded('http2:created', (stream) => {
  if (exchanges.has(stream)) return;
  exchanges.set(stream, null);
  if (!stream.session || stream.session.type !== CLIENT) return;
  seeClasses(stream);
  const { session, sentHeaders } = stream;
  const url = new URL(`${sentHeaders[':scheme']}://${sentHeaders[':authority'] || sentHeaders.host}`);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const capture = calls.rules.of(url.hostname, port);
  if (capture === NOTHING) return;
  const method = String(sentHeaders[':method']);
  const call = calls.begin('http2', method, url.origin + (sentHeaders[':path'] || '/'), capture);
  if (givenSpanId !== undefined) call.spanId = givenSpanId;
  const exchange = new Http2Exchange(call, sentHeaders, capture === ALL);
  exchanges.set(stream, exchange);
  for (const event of Object.keys(LISTENERS)) listen(stream, event, LISTENERS[event]);
  listen(stream, errorMonitor, onError);
  exchange.waitsFor(session, url.hostname);
  const socket = session.connecting ? internal(session, 'socket') : undefined;
  if (socket) sockets.follow(socket, exchange);
});

function withExchange(name, run) {
  return hiddenListener(
    guarded(`http2:${name}`, function listener(...args) {
      const exchange = exchanges.get(this);
      if (exchange) run(exchange, this, ...args);
    }),
  );
}

const LISTENERS = {
  ready: withExchange('ready', (exchange, stream) => exchange.connection('open', stream)),
  finish: withExchange('finish', (exchange) => exchange.sentAll()),
  response: withExchange('response', (exchange, _stream, headers, _flags, raw) => exchange.responded(headers, raw)),
  data: withExchange('data', (exchange, stream, chunk) => exchange.takes(chunk, stream.readableEncoding)),
  // A stream that its user destroys ends too.
  end: withExchange('end', (exchange, stream) => exchange.end(null, !stream.destroyed && !stream.aborted)),
  close: withExchange('close', (exchange, stream) => exchange.closed(stream.rstCode)),
};
const onError = withExchange('error', (exchange, _stream, error) => exchange.failed(error));

/** Once: hide our listeners on streams, and see what they write. */
function seeClasses(stream) {
  if (classesSeen) return;
  classesSeen = true;
  const prototype = Object.getPrototypeOf(stream);
  hide(prototype);
  wrapWrites(Object.getPrototypeOf(prototype));
}

/** _write(chunk, encoding, callback) and _writev(chunks, callback) of Http2Stream. */
function wrapWrites(prototype) {
  const { _write, _writev } = prototype;
  const sent = guarded('http2:write', (stream, chunk, encoding) => {
    if (!exchanges.has(stream)) begin(stream); // written in the tick in which it was made
    exchanges.get(stream)?.sent(chunk, encoding);
  });
  const hooked = {
    _write(chunk, encoding) {
      sent(this, chunk, encoding);
      return Reflect.apply(_write, this, arguments);
    },
    _writev(chunks) {
      for (const { chunk, encoding } of chunks) sent(this, chunk, encoding);
      return Reflect.apply(_writev, this, arguments);
    },
  };
  for (const name of Object.keys(hooked)) Object.defineProperty(prototype, name, { ...DESCRIPTOR, value: hooked[name] });
}

/** A socket begins to connect: if it is for the first session, its class becomes known in the next tick. */
function connecting(socket) {
  if (calls.rules.propagates) hookFirst();
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
  let descriptor = Object.getOwnPropertyDescriptor(prototype, 'request');
  if (descriptor === undefined || descriptor.get !== undefined) return;
  const original = descriptor;
  const propagating = calls.rules.propagates ? propagatingRequest(() => descriptor.value) : undefined;
  Object.defineProperty(prototype, 'request', {
    configurable: true,
    enumerable: original.enumerable,
    get() {
      if (this === prototype) return descriptor.value;
      if (!HAS_CREATED) nextTick(findStreams, this);
      return propagating === undefined ? descriptor.value : propagating;
    },
    set(value) {
      if (this === prototype) descriptor = { ...descriptor, value };
      else Object.defineProperty(this, 'request', { ...original, value });
    },
  });
}

/** request(headers, options) with one header more. */
function propagatingRequest(original) {
  const traced = guarded('http2:traceparent', (headers) => withTraceparent(calls.context.current(), headers));
  return {
    request(headers, options) {
      const own = traced(headers);
      if (own === undefined) return Reflect.apply(original(), this, arguments);
      givenSpanId = own.spanId;
      try {
        const stream = Reflect.apply(original(), this, [own.headers, options]);
        begin(stream);
        return stream;
      } finally {
        givenSpanId = undefined;
      }
    },
  }.request;
}

const findStreams = guarded('http2:streams', (session) => {
  const state = internal(session, 'state');
  if (state === undefined) return;
  for (const stream of state.pendingStreams) begin(stream);
  for (const stream of state.streams.values()) begin(stream);
});

/** Returns what is called with each message of `http2.client.stream.created`. */
function install(itsCalls) {
  calls = itsCalls;
  sockets.install();
  if (!HAS_CREATED || calls.rules.propagates) sockets.notice(connecting);
  return ({ stream }) => begin(stream);
}

module.exports = { install };
