'use strict';
// The target of a ClientRequest, which itself keeps no port.

const { OutgoingMessage } = require('http');

const { symbolOf } = require('../internal_symbols');
const { plainHost } = require('../capture_rules');
const { apply } = require('../natives');
const { privateSlot } = require('../private_slots');
const { defaultPort, named, originOf, parse } = require('./authority');

const { getHeader } = OutgoingMessage.prototype; // before a user's
const captures = privateSlot(); // net.Socket -> what may be captured over it
const ports = privateSlot(); // http.ClientRequest -> the port that its agent was given with it

const MOST_PEERS = 1000;
const peers = new Map(); // a request's own words -> what they say of its target, but for the path

/**
 * {url, names, proxy, isCertain, capture, hostLines} of a request, most of it remembered where its path is one and no proxy
 * stands between. `capture` is what may be captured of it; a head with one of `hostLines` is for the same host.
 */
function targetOf(request, rules) {
  const { agent, method, path } = request;
  const header = hostHeader(request);
  const port = ports.get(request);
  const isPlain = typeof path === 'string' && path.startsWith('/') && method !== 'CONNECT' && !hasProxy(agent);
  if (!isPlain || typeof header !== 'string' || port === undefined) return withCapture(fullTargetOf(request), rules);
  const words = `${request.protocol} ${request.host} ${port} ${header}`;
  let peer = peers.get(words);
  if (peer === undefined) {
    peer = withCapture(fullTargetOf(request), rules);
    peer.origin = peer.url.slice(0, -path.length);
    peer.hostLines = [`\r\nHost: ${header}\r\n`, `\r\nhost: ${header}\r\n`];
    if (peers.size >= MOST_PEERS) peers.clear();
    peers.set(words, peer);
  }
  const { names, origin, capture, hostLines } = peer;
  return { url: origin + path, names, proxy: undefined, isCertain: true, capture, hostLines };
}

function withCapture(target, rules) {
  return Object.assign(target, { capture: captureOf(rules, target) });
}

function hasProxy(agent) {
  return Boolean(agent && agent.options && agent.options.proxyEnv);
}

/**
 * {url, host, port, names, proxy, isCertain} of a request; the port is only guessed before there is a socket where the user
 * has set a Host header and an agent that is not Node's. `path` is a whole URL when the connection leads to a forwarding
 * proxy. `names` are the [host, port] that it may be for: see captureOf.
 */
function fullTargetOf(request) {
  const secure = request.protocol === 'https:';
  const host = String(request.host || 'localhost');
  const fallback = defaultPort(secure);
  const known = portOf(request, host, fallback);
  const port = known || fallback;
  const origin = originOf(secure, host, port);
  const path = String(request.path || '/');
  const names = [[host, port], ...named(hostHeader(request), fallback)];
  const found = { url: origin + path, host, port, names, isCertain: known !== undefined };
  found.proxy = proxyOf(request, host, port);
  if (request.method === 'CONNECT') {
    names.push(...named(path, 443));
    return { ...found, url: `http://${path}`, proxy: origin };
  }
  const target = /^https?:\/\//i.test(path) ? parse(path) : null;
  if (target === null) return found;
  names.push([target.host, target.port]);
  const isDirect = target.host === host.toLowerCase() && target.port === Number(port);
  return { ...found, url: path, host: target.host, port: target.port, proxy: isDirect ? found.proxy : origin };
}

/**
 * What may be captured of it: whatever stands between, a proxy or an address, the call is for each of the names that it
 * tells, and the strictest of their rules holds.
 */
function captureOf(rules, { names }) {
  let least = Infinity;
  for (const [host, port] of names) least = Math.min(least, rules.of(host, port));
  return least;
}

/** As it is sent if the head is composed, else as the user has set it. */
function hostHeader(request) {
  const { _header: head } = request;
  const found = head ? /\r\nhost: *([^\r\n]*)/i.exec(head) : null;
  return found === null ? apply(getHeader, request, ['host']) : found[1];
}

/** The names of a connection: the one that was looked up, and the one in its TLS handshake. */
function namesOf(socket, port) {
  const names = [];
  if (typeof socket?._host === 'string') names.push([socket._host, port]);
  if (typeof socket?.servername === 'string') names.push([socket.servername, port]);
  return names;
}

/** What may be captured over a connection, by its names; they are known, and so remembered, once it is made. */
function captureOfSocket(rules, socket) {
  if (typeof socket !== 'object' || socket === null) return Infinity;
  const known = captures.get(socket);
  if (known !== undefined) return known;
  const found = captureOf(rules, { names: namesOf(socket) });
  if (socket.connecting === false) captures.set(socket, found);
  return found;
}

/** Remember the port that the agent was given with the request. */
function portGiven(request, agent, options) {
  const port = Number((agent.options && agent.options.port) || (Object(options) === options && options.port));
  if (port) ports.set(request, port);
}

/** From the Host header that Node composed, else as the agent was told, else from the socket. */
function portOf(request, host, fallback) {
  const header = hostHeader(request);
  if (typeof header === 'string') {
    const plain = plainHost(host);
    if (plainHost(header) === plain) return ports.get(request) || fallback;
    const [, before, port] = /^(.*):([0-9]+)$/.exec(header) || [];
    if (before !== undefined && plainHost(before) === plain) return Number(port);
  }
  return ports.get(request) || (request.socket && request.socket.remotePort) || undefined;
}

/** The proxy that Node's own agent goes through, as NODE_USE_ENV_PROXY and the option `proxyEnv` have it. */
function proxyOf({ agent }, host, port) {
  if (!hasProxy(agent)) return undefined;
  const config = agent[symbolOf(agent, 'kProxyConfig')];
  if (!config || typeof config.shouldUseProxy !== 'function' || !config.shouldUseProxy(host, port)) return undefined;
  const { protocol, host: name, port: itsPort } = parse(config.href);
  return originOf(protocol === 'https:', name, itsPort);
}

/** Whether it waits in its agent's queue, all connections being taken: then the agent has put its options on it. */
function isQueued(request) {
  if (request.socket || !request.agent || !hasAny(request.agent.requests)) return false;
  const symbol = symbolOf(request, 'requestOptions');
  return symbol !== undefined && request[symbol] !== undefined;
}

function hasAny(object) {
  for (const name in object) if (object[name]) return true;
  return false;
}

module.exports = { captureOf, captureOfSocket, isQueued, namesOf, portGiven, targetOf };
