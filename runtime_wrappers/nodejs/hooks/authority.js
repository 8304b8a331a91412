'use strict';
// Hosts and ports as URLs, Host header fields and proxies write them.

const { plainHost } = require('../capture_rules');
const { URL } = require('../natives');

function defaultPort(isSecure) {
  return isSecure ? 443 : 80;
}

/** {protocol, origin, host, port} of a URL; null where it is not one. */
function parse(url) {
  try {
    const { hostname, origin, port, protocol } = new URL(url);
    return { protocol, origin, host: hostname, port: Number(port) || defaultPort(protocol === 'https:') };
  } catch {
    return null;
  }
}

const MOST_ORIGINS = 1000;
const origins = new Map();

/** The same of an origin, remembered. */
function parseOrigin(url) {
  let found = origins.get(url);
  if (found === undefined) {
    found = parse(url);
    if (origins.size >= MOST_ORIGINS) origins.clear();
    origins.set(url, found);
  }
  return found;
}

/** [[host, port]] of an authority as in a Host header field, else []. */
function named(authority, fallback) {
  const text = Array.isArray(authority) ? authority[0] : authority;
  if (typeof text !== 'string' || text === '') return [];
  const [, host, port] = /^(.*?)(?::([0-9]+))?$/s.exec(text.trim()) || [];
  return host ? [[host, Number(port) || fallback]] : [];
}

/** `http://host:port`, without the scheme's own port. */
function originOf(isSecure, host, port) {
  const plain = plainHost(host);
  const name = plain.includes(':') ? `[${plain}]` : host;
  const scheme = isSecure ? 'https' : 'http';
  return Number(port) === defaultPort(isSecure) ? `${scheme}://${name}` : `${scheme}://${name}:${port}`;
}

/** Whether there is no name to look up. */
function isAddress(host) {
  return host.includes(':') || /^[0-9]+(?:\.[0-9]+){3}$/.test(host);
}

module.exports = { defaultPort, isAddress, named, originOf, parse, parseOrigin };
