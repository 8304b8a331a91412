'use strict';
// What a ClientRequest is for, from what it tells: it keeps no port.

/**
 * {url, host, port, proxy, isCertain} of a request; the port is only guessed before there is a socket where the user has
 * set a Host header. `path` is a whole URL when the connection leads to a forwarding proxy.
 */
function targetOf(request) {
  const secure = request.protocol === 'https:';
  const host = String(request.host || 'localhost');
  const scheme = secure ? 443 : 80;
  const known = portOf(request, host, scheme);
  const port = known || scheme;
  const isCertain = known !== undefined;
  const origin = originOf(secure, host, port);
  const path = String(request.path || '/');
  if (/^https?:\/\//i.test(path)) {
    const target = parse(path);
    if (target !== null) return { url: path, ...target, proxy: origin, isCertain };
  }
  if (request.method === 'CONNECT') return { url: `http://${path}`, host, port, proxy: origin, isCertain };
  return { url: origin + path, host, port, proxy: undefined, isCertain };
}

/** `http://host:port`, without the scheme's own port. */
function originOf(secure, host, port) {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const scheme = secure ? 'https' : 'http';
  return Number(port) === (secure ? 443 : 80) ? `${scheme}://${name}` : `${scheme}://${name}:${port}`;
}

/** From the Host header that Node composed, else from the socket or the agent's name for the connection. */
function portOf(request, host, fallback) {
  const header = request.getHeader('host');
  if (typeof header === 'string') {
    const name = header.toLowerCase();
    const plain = host.toLowerCase();
    if (name === plain || name === `[${plain}]`) return fallback;
    const [, before, port] = /^(.*):([0-9]+)$/.exec(name) || [];
    if (before === plain || before === `[${plain}]`) return Number(port);
  }
  if (request.socket && request.socket.remotePort) return request.socket.remotePort;
  return portByAgent(request);
}

/** The agent files requests and sockets under `host:port:...`; where the user set a Host header, only that tells. */
function portByAgent(request) {
  const { agent } = request;
  if (!agent) return undefined;
  for (const [list, isMine] of [
    [agent.requests, (entry) => entry === request],
    [agent.sockets, (entry) => entry._httpMessage === request],
  ]) {
    for (const name of Object.keys(list || {})) {
      if (!list[name].some(isMine)) continue;
      const rest = name.startsWith(`${request.host}:`) ? name.slice(request.host.length + 1) : '';
      const port = parseInt(rest, 10);
      if (port) return port;
    }
  }
  return undefined;
}

function parse(url) {
  try {
    const { hostname, port, protocol } = new URL(url);
    return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  } catch {
    return null;
  }
}

module.exports = { originOf, targetOf };
