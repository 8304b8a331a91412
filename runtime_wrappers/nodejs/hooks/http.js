'use strict';
// http and https, on which axios, got, node-fetch, superagent and the AWS SDKs stand.
//
// Where a request begins: `http.client.request.created` (22.12 and later), else the moment its constructor sets `protocol`,
// which a setter on the prototype sees. Its bytes pass `_send`. All else are Node's own events and channels.
//
// Limitations: bytes that a user's `write` hands to a request that never gets a connection are recorded as its request,
// though they did not cross. A body that was decoded by setEncoding('utf8') counts its replaced bytes.

const diagnosticsChannel = require('diagnostics_channel');
const { errorMonitor } = require('events');
const http = require('http');
const { isIP } = require('net');

const { ALL, NOTHING } = require('../capture_rules');
const { guarded } = require('../faults');
const { DESCRIPTOR, hiddenListener, hide, listen } = require('../hidden_listeners');
const { nextTick } = require('../natives');
const { HttpExchange } = require('./http_exchange');
const { watchResponse } = require('./http_response');
const { RuntimeApiExchange } = require('./runtime_api');
const { privateSlot } = require('../private_slots');
const sockets = require('./sockets');
const { targetOf } = require('./http_target');

const exchanges = privateSlot(); // http.ClientRequest -> HttpExchange or RuntimeApiExchange
let calls = null;
let invocations = null;

const [major, minor] = process.versions.node.split('.').map(Number);
const HAS_CREATED = major > 22 || (major === 22 && minor >= 12);

/** The request's constructor has run, or nearly so: listen to what becomes of it. */
function created(request) {
  listen(request, 'socket', onSocket);
  listen(request, 'finish', onFinish);
  listen(request, 'close', onClose);
  listen(request, errorMonitor, onError);
}

/** The exchange of a request, begun with the first question for it; null when it is not to be recorded. */
function exchangeOf(request) {
  let exchange = exchanges.get(request);
  if (exchange === undefined) {
    exchange = begin(request);
    exchanges.set(request, exchange);
  }
  return exchange;
}

function begin(request) {
  const { url, host, port, proxy, isCertain } = targetOf(request);
  const capture = calls.rules.of(host, port);
  if (capture === NOTHING) return RuntimeApiExchange.of(invocations, request.method, request.path);
  const call = calls.begin('http', request.method, url, capture, proxy);
  const exchange = new HttpExchange(call, calls.rules.callBytes);
  exchange.isCertain = isCertain;
  return exchange;
}

/** There is a socket: now the agent knows it, and so its port. */
function ascertain(exchange, request) {
  const target = targetOf(request);
  exchange.retarget(target, calls.rules.of(target.host, target.port) === ALL);
}

/** What it waits for now is written, unless a free connection takes it at once. */
const start = guarded('http:start', (request) => {
  const exchange = exchangeOf(request);
  if (exchange === null || exchange.begun || request.reusedSocket) return;
  exchange.waits(waitingFor(request));
});

/** Whether its target is known: in the tick in which it was made, some Nodes' agents do not know whose socket is whose. */
function isSettled(request) {
  const exchange = exchangeOf(request);
  return exchange === null || exchange.isCertain !== false || isQueued(request);
}

function waitingFor(request) {
  if (isQueued(request)) return 'queue';
  return request.socketPath || isIP(String(request.host).replace(/^\[|\]$/g, '')) ? 'connect' : 'dns';
}

/** Whether it stands in its agent's queue, since all connections are taken. */
function isQueued(request) {
  const waiting = request.agent && request.agent.requests;
  if (!waiting) return false;
  for (const name of Object.keys(waiting)) if (waiting[name].includes(request)) return true;
  return false;
}

const onSocket = hiddenListener(
  guarded('http:socket', function socket(socket_) {
    const exchange = exchangeOf(this);
    if (exchange === null) return;
    if (exchange.isCertain === false) ascertain(exchange, this);
    if (!exchange.begun && socket_.connecting) exchange.waits(waitingFor(this));
    exchange.givenAll = exchange.givenAll || this.finished;
    sockets.follow(socket_, exchange);
  }),
);

const onFinish = hiddenListener(
  guarded('http:finish', function finish() {
    exchanges.get(this)?.sentAll();
  }),
);

const onError = hiddenListener(
  guarded('http:error', function error(error_) {
    exchangeOf(this)?.failed(error_);
  }),
);

const onClose = hiddenListener(
  guarded('http:close', function close() {
    const exchange = exchanges.get(this);
    if (!exchange) return;
    if (this.res && this.res.upgrade) exchange.upgraded(this.res);
    else exchange.closed();
  }),
);

const responded = guarded('http:response', ({ request, response }) => {
  const exchange = exchangeOf(request);
  if (exchange !== null) watchResponse(exchange, request, response);
});

const sent = guarded('http:send', (request, data, encoding) => {
  const exchange = exchangeOf(request);
  if (exchange !== null) exchange.sent(request, data, typeof encoding === 'string' ? encoding : undefined);
});

function install(itsCalls, itsInvocations) {
  calls = itsCalls;
  invocations = itsInvocations;
  const { prototype } = http.ClientRequest;
  sockets.install();
  hide(prototype);
  hide(http.IncomingMessage.prototype);
  hookSend(prototype);
  if (HAS_CREATED) diagnosticsChannel.channel('http.client.request.created').subscribe(onCreated);
  else hookProtocol(prototype);
  diagnosticsChannel.channel('http.client.response.finish').subscribe(responded);
}

const onCreated = guarded('http:created', ({ request }) => {
  created(request);
  if (isSettled(request)) start(request);
  else nextTick(start, request);
});

/** ClientRequest inherits _send(data, encoding, callback, byteLength): its head and body pass there, framed. */
function hookSend(prototype) {
  const { _send } = http.OutgoingMessage.prototype;
  const value = {
    _send(data, encoding) {
      sent(this, data, encoding);
      return Reflect.apply(_send, this, arguments);
    },
  }._send;
  Object.defineProperty(prototype, '_send', { ...DESCRIPTOR, value });
}

const constructed = guarded('http:created', (request) => {
  created(request);
  nextTick(startIfWaiting, request);
});

/** Before 22.12: the constructor assigns `protocol` when method, path and host are known. */
function hookProtocol(prototype) {
  Object.defineProperty(prototype, 'protocol', {
    configurable: true,
    enumerable: false,
    get() {
      return undefined;
    },
    set(value) {
      Object.defineProperty(this, 'protocol', { ...DESCRIPTOR, enumerable: true, value });
      if (!(this instanceof http.ClientRequest)) return;
      constructed(this);
    },
  });
}

/** What waits is written before there is a socket, but not where the constructor threw: nobody has that request. */
const startIfWaiting = guarded('http:start', (request) => {
  if (!isQueued(request) && !request.finished) return;
  if (isSettled(request)) start(request);
  else nextTick(start, request); // after the tick in which a connection that was begun at once is given to it
});

module.exports = { install };
