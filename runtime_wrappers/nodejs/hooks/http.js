'use strict';
// http and https, on which axios, got, node-fetch, superagent and the AWS SDKs stand.
//
// A request is known from the moment when its constructor gives it to its agent or to a socket, or its first bytes pass
// `_send`. Its further course is seen in the events that it emits, without a listener.
//
// Limitations: bytes that a user's `write` hands to a request that never gets a connection are recorded as its request,
// though they were not sent. A body decoded by setEncoding('utf8') is counted with its replacement characters.

const http = require('http');

const { ALL, NOTHING } = require('../capture_rules');
const { guarded } = require('../faults');
const { channel, nextTick } = require('../natives');
const { HttpExchange } = require('./http_exchange');
const { RESPONSE_EVENTS, watchResponse } = require('./http_response');
const { RuntimeApiExchange } = require('./runtime_api');
const { privateSlot } = require('../private_slots');
const sockets = require('./sockets');
const { isAddress } = require('./authority');
const { captureOfSocket, isQueued, portGiven, targetOf } = require('./http_target');
const { watchCalls, watchEvents } = require('../trampoline');

const { Agent, ClientRequest, IncomingMessage, OutgoingMessage } = http;
const exchanges = privateSlot(); // http.ClientRequest -> HttpExchange or RuntimeApiExchange
let calls = null;
let invocations = null;

const [major, minor] = process.versions.node.split('.').map(Number);
const HAS_CREATED = major > 22 || (major === 22 && minor >= 12); // `http.client.request.created`

/** The exchange of a request, made when it is first asked for; null if it is not recorded. */
function exchangeOf(request) {
  const known = exchanges.get(request);
  if (known !== undefined) return known;
  exchanges.set(request, null); // if begin() fails, it is not tried again
  const exchange = begin(request);
  exchanges.set(request, exchange);
  return exchange;
}

function begin(request) {
  const target = targetOf(request, calls.rules);
  const { capture } = target;
  if (capture === NOTHING) return RuntimeApiExchange.of(invocations, request.method, request.path);
  const call = calls.begin('http', request.method, target.url, capture, target.proxy);
  const exchange = new HttpExchange(call, calls.rules.callBytes);
  exchange.isCertain = target.isCertain;
  exchange.hostLines = target.hostLines;
  return exchange;
}

/** Now that there is a socket, the port is known. */
function ascertain(exchange, request) {
  const target = targetOf(request, calls.rules);
  exchange.retarget(target, target.capture === ALL);
}

/** Write what it waits for, unless a free connection takes it at once. */
const start = guarded('http:start', (request) => {
  const exchange = exchangeOf(request);
  if (exchange === null || exchange.begun || request.reusedSocket) return;
  exchange.enterStage(waitingFor(request));
});

/** Whether its target is known: in the tick in which it was made, some agents have not assigned the socket yet. */
function isSettled(request) {
  const exchange = exchangeOf(request);
  return exchange === null || exchange.isCertain !== false || isQueued(request);
}

function waitingFor(request) {
  if (isQueued(request)) return 'queue';
  return request.socketPath || isAddress(String(request.host)) ? 'connect' : 'dns';
}

/** What a request emits. One that was never given to an agent or a socket, such as a mock's, has no exchange. */
const REQUEST_EVENTS = {
  __proto__: null,

  socket(request, socket) {
    const exchange = exchanges.get(request);
    if (!exchange) return;
    if (exchange.isCertain === false) ascertain(exchange, request);
    if (captureOfSocket(calls.rules, socket) < ALL) exchange.excludeBodies();
    if (socket.connecting) exchange.onConnecting(waitingFor(request));
    exchange.isRequestEnded = exchange.isRequestEnded || request.finished;
    sockets.follow(socket, exchange);
  },

  finish(request) {
    exchanges.get(request)?.onRequestSent();
  },

  error(request, error) {
    exchanges.get(request)?.onError(error);
  },

  close(request) {
    const exchange = exchanges.get(request);
    if (!exchange) return;
    if (request.res && request.res.upgrade) exchange.onUpgrade(request.res);
    else exchange.onClose();
  },
};

const responded = guarded('http:response', ({ request, response }) => {
  const exchange = exchangeOf(request);
  if (exchange !== null) watchResponse(exchange, request, response);
});

/** ClientRequest inherits _send(data, encoding, callback, byteLength): its head and body pass there, framed. */
function sent(message, [data, encoding]) {
  if (!(message instanceof ClientRequest)) return;
  const exchange = exchangeOf(message);
  if (exchange === null) return;
  if (!message._headerSent && message._header && !isForSameHost(message._header, exchange)) {
    if (targetOf(message, calls.rules).capture !== ALL) exchange.excludeBodies();
  }
  if (!HAS_CREATED && !exchange.begun) nextTick(startIfWaiting, message);
  exchange.onSent(message, data, typeof encoding === 'string' ? encoding : undefined);
}

/** Whether the user has left the Host header field as it was when the call began. */
function isForSameHost(head, { hostLines }) {
  return hostLines !== undefined && (head.includes(hostLines[0]) || head.includes(hostLines[1]));
}

function givenToAgent(agent, [request, options]) {
  if (!(request instanceof ClientRequest)) return;
  portGiven(request, agent, options);
  exchangeOf(request);
  if (!HAS_CREATED) nextTick(startIfWaiting, request);
}

function givenToSocket(request) {
  exchangeOf(request);
}

function install(itsCalls, itsInvocations) {
  calls = itsCalls;
  invocations = itsInvocations;
  sockets.install();
  watchCalls(Agent.prototype, 'addRequest', 'http:addRequest', givenToAgent);
  watchCalls(ClientRequest.prototype, 'onSocket', 'http:onSocket', givenToSocket);
  watchCalls(OutgoingMessage.prototype, '_send', 'http:send', sent);
  watchEvents(ClientRequest.prototype, 'http:request', REQUEST_EVENTS);
  watchEvents(IncomingMessage.prototype, 'http:response', RESPONSE_EVENTS);
  if (HAS_CREATED) channel('http.client.request.created').subscribe(onCreated);
  channel('http.client.response.finish').subscribe(responded);
}

/** The user has the request. What it waits for is written after this tick, in which the user may still add to it. */
const onCreated = guarded('http:created', ({ request }) => {
  if (!request.reusedSocket) nextTick(startSettled, request);
});

const startSettled = guarded('http:start', (request) => {
  if (isSettled(request)) start(request);
  else nextTick(start, request); // one tick later a connection that was begun at once has been assigned
});

/** On older Nodes we are not told when the constructor throws, in which case nobody has the request. */
const startIfWaiting = guarded('http:start', (request) => {
  if (isQueued(request) || request.finished) startSettled(request);
});

module.exports = { install };
