'use strict';
// One request of undici with its response, and the call that they are told as.

const { byteLength, subarray } = require('../natives');
const { WirePrefix } = require('../prefix');
const { isAddress, parse } = require('./authority');
const { fieldsOf, headFrom, headOf } = require('./http1');
const sockets = require('./sockets');
const { wholeResponse } = require('./whole_response');

class UndiciExchange {
  constructor(call, captureBytes, origin, isForwarded) {
    this.call = call;
    this.captureBytes = captureBytes;
    this.origin = origin;
    this.isForwarded = isForwarded; // its path is a whole URL, for a proxy
    this.next = 'queue'; // the stage to be written when this turn of the event loop is over
    this.hasHead = false;
    this.isLed = false; // a connection was begun for it
    this.isSent = false;
    this.size = 0;
    this.taken = 0;
    this.heads = [];
    this.tee = null;
    this.forbidsBody = false;
  }

  /** A free connection would have taken it by now, as undici frees them a turn late: where it waits is written. */
  created() {
    if (!this.hasHead) this.call.stage(this.next);
  }

  /** Whether a connection to this origin may be its own: through a forwarding proxy it leads elsewhere. */
  mayConnectTo(origin) {
    return this.origin === origin || this.isForwarded;
  }

  /** Whether a tunnel to this authority is for it. */
  isFor(authority) {
    const { host, port } = parse(this.origin);
    return authority === `${host}:${port}` || authority === host;
  }

  /** A connection to `host` is begun for it, or for its tunnel. */
  connects(host, origin) {
    if (origin !== undefined) this.leadsTo(origin);
    this.waits(isAddress(host) ? 'connect' : 'dns');
  }

  connection(stage) {
    if (stage !== 'open') this.waits(stage);
  }

  /** Within the first turn nothing is written yet: there may be a proxy to name. */
  waits(stage) {
    this.next = stage;
    if (this.call.written) this.call.stage(stage);
  }

  /** Where its connection leads: to a proxy, if not to its own origin. */
  leadsTo(origin) {
    if (this.isForwarded && origin !== this.origin && !this.call.written) this.call.proxy = origin;
  }

  /** Its connection leads to a host whose bodies are not captured. */
  excludes() {
    Object.assign(this.call, { hasBodies: false, request: null, response: null });
  }

  /** `headers` are the head's text, but for what tells the body's length; over HTTP/2 without a request line. */
  sendsHead(line, headers, socket, origin) {
    this.hasHead = true;
    if (origin !== undefined) this.leadsTo(origin);
    this.socket = socket;
    this.forbidsBody = line.startsWith('HEAD ');
    if (!this.call.hasBodies) return;
    this.tee = socket.alpnProtocol === 'h2' ? null : sockets.teeOf(socket);
    if (this.tee === null) {
      this.heads = [['request_head', requestHead(line, headers)]];
      return;
    }
    this.call.requestPart = 'request_wire';
    this.call.request = new WirePrefix(this.captureBytes);
    this.tee.sent = this.call.request;
    this.tee.piece = null;
  }

  /** The tick in which the head went out is over. */
  sending() {
    if (!this.isSent) this.call.stage('request');
  }

  sent(chunk) {
    this.size += typeof chunk === 'string' ? byteLength(chunk) : chunk.byteLength;
    if (this.call.hasBodies && this.call.requestPart === 'request_body') this.call.request.feed(chunk);
  }

  /** All of it was given to the socket, which may still wait for its peer. */
  sentAll() {
    this.isSent = true;
    this.releaseSocket();
    const { socket } = this;
    if (!socket || !socket.writableNeedDrain) {
      this.call.stage('response_head');
      return;
    }
    this.call.stage('request');
    const tee = sockets.teeOf(socket);
    if (tee !== null) tee.drained = () => this.call.stage('response_head');
  }

  responded({ statusCode, headers, statusText }) {
    this.call.requestSize = this.size;
    if (this.tellWhole(statusCode, headers)) return;
    const http2 = this.call.requestPart !== 'request_wire';
    const head = headOf(`HTTP/${http2 ? '2' : '1.1'} ${statusCode} ${statusText || ''}`, fieldsOf(headers));
    this.call.responded(statusCode, [...this.heads.splice(0), ['response_head', head]]);
  }

  /** End the call here where nothing of it can come any more: true. */
  tellWhole(statusCode, headers) {
    if (this.tee === null || this.tee.piece === null || !this.isSent || statusCode < 200) return false;
    const { piece } = this.tee;
    const hasBody = !this.forbidsBody && statusCode !== 204 && statusCode !== 304;
    const found = wholeResponse(piece, statusCode, fieldsOf(headers), hasBody);
    if (found === null) return false;
    this.call.responseSize = found.size;
    this.call.cameWhole(statusCode, [['response_wire', subarray(piece, 0, found.bodyAt + this.captureBytes)]]);
    return true;
  }

  received(chunk) {
    if (this.call.ended) return;
    this.taken += chunk.byteLength;
    if (this.call.response !== null) this.call.response.feed(chunk);
  }

  /** The socket is the user's now. */
  upgraded(statusCode, headers) {
    if (this.tee !== null) sockets.giveBack(this.socket);
    this.responded({ statusCode, headers });
    this.over(null);
  }

  /** `error` is null at the end of the response. */
  over(error) {
    this.releaseSocket();
    if (!this.hasHead) this.call.stage(this.next); // it failed before its first turn was over
    this.call.requestSize = this.size;
    this.call.responseSize = this.taken;
    const givenUp = error !== null && this.call.hasResponse && isUsers(error);
    this.call.end(givenUp ? null : error, error === null);
  }

  releaseSocket() {
    if (this.tee !== null && this.tee.sent === this.call.request) this.tee.sent = null;
  }
}

/** The CONNECT request of undici's ProxyAgent: the call that waits for the tunnel is where it is. */
class Tunnel {
  constructor(exchange, origin) {
    this.exchange = exchange;
    this.origin = origin;
    this.hasHead = false;
    this.isLed = false;
    exchange.call.proxy = origin;
  }

  created() {}

  mayConnectTo(origin) {
    return this.origin === origin;
  }

  isFor() {
    return false;
  }

  connects(host) {
    this.exchange.connects(host);
  }

  connection(stage) {
    this.exchange.connection(stage);
  }

  excludes() {}

  sendsHead() {
    this.hasHead = true;
    this.connection('proxy');
  }

  sending() {}

  sent() {}

  sentAll() {}

  responded() {}

  received() {}

  upgraded(statusCode) {
    if (statusCode === 200) this.connection('tls');
  }

  over() {}
}

/** The user took no more of the response: cancelled it, aborted by a signal, or destroyed the client. */
function isUsers(error) {
  if (!(error instanceof Error)) return true; // whatever the user gave to cancel()
  return error.name === 'AbortError' || ['UND_ERR_ABORTED', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED'].includes(error.code);
}

/** The head where the wire is not seen; that of HTTP/2 has no start line, and pseudo header fields. */
function requestHead(line, headers) {
  const hasLine = headers.startsWith(line);
  return headFrom(hasLine ? headers : `${line} HTTP/2\r\n${headers.replace(/^:.*\r\n/gm, '')}`);
}

module.exports = { Tunnel, UndiciExchange };
