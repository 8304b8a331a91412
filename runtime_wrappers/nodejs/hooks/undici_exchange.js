'use strict';
// One request of undici with its response, and the call that is recorded for them.

const { byteLength, subarray } = require('../natives');
const { WirePrefix } = require('../prefix');
const { isAddress, parseOrigin } = require('./authority');
const { fieldsOf, headFrom, headOf } = require('./http1');
const sockets = require('./sockets');
const { framingOf, wholeResponse } = require('./whole_response');

class UndiciExchange {
  constructor(call, captureBytes, origin, isForwarded) {
    this.call = call;
    this.captureBytes = captureBytes;
    this.origin = origin;
    this.isForwarded = isForwarded; // its path is a whole URL, for a proxy
    this.next = 'queue'; // the stage to be written when this turn of the event loop is over
    this.hasHead = false;
    this.isLed = false; // a connection was made for it
    this.isRequestSent = false;
    this.size = 0;
    this.received = 0;
    this.heads = [];
    this.tee = null;
    this.forbidsBody = false;
  }

  /** Whether nothing is known of it yet: undici frees connections one turn late, and one of these may take it. */
  mayBeTaken() {
    return !this.hasHead && this.next === 'queue';
  }

  /** A free connection would have taken it by now: write what it waits for. */
  onTurnEnd() {
    if (!this.hasHead) this.call.stage(this.next);
  }

  /** Whether a connection to this origin may be for it: through a forwarding proxy, one to any origin may. */
  mayConnectTo(origin) {
    return this.origin === origin || this.isForwarded;
  }

  /** Whether a tunnel to this authority is for it. */
  isFor(authority) {
    const { host, port } = parseOrigin(this.origin);
    return authority === `${host}:${port}` || authority === host;
  }

  /** A connection to `host` is being made for it, or for its tunnel. */
  onConnecting(host, origin) {
    if (origin !== undefined) this.setConnectionOrigin(origin);
    this.enterStage(isAddress(host) ? 'connect' : 'dns');
  }

  onConnectionStage(stage) {
    if (stage !== 'open') this.enterStage(stage);
  }

  /** Nothing is written in the first turn: a proxy may become known. */
  enterStage(stage) {
    this.next = stage;
    if (this.call.written) this.call.stage(stage);
  }

  /** The origin that its connection leads to: if it is not the request's, it is a proxy. */
  setConnectionOrigin(origin) {
    if (this.isForwarded && origin !== this.origin && !this.call.written) this.call.proxy = origin;
  }

  /** Its connection leads to a host whose bodies are not captured. */
  excludeBodies() {
    this.call.excludeBodies();
  }

  /** `headers` are the head's text, but for what tells the body's length; over HTTP/2 without a request line. */
  onSendHeaders(line, headers, socket, origin) {
    this.hasHead = true;
    if (origin !== undefined) this.setConnectionOrigin(origin);
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

  /** The tick in which the head was sent is over. */
  afterSendHeaders() {
    if (!this.isRequestSent) this.call.stage('request');
  }

  onSent(chunk) {
    this.size += typeof chunk === 'string' ? byteLength(chunk) : chunk.byteLength;
    if (this.call.requestPart === 'request_body') this.call.feedRequest(chunk);
  }

  /** The whole request was given to the socket, which may still wait for its peer. */
  onRequestSent() {
    this.isRequestSent = true;
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

  onResponse({ statusCode, headers, statusText }) {
    this.call.requestSize = this.size;
    if (this.endIfWhole(statusCode, headers)) return;
    const http2 = this.call.requestPart !== 'request_wire';
    const head = headOf(`HTTP/${http2 ? '2' : '1.1'} ${statusCode} ${statusText || ''}`, fieldsOf(headers));
    this.call.responded(statusCode, [...this.heads.splice(0), ['response_head', head]]);
  }

  /** End the call and return true if the whole response has come. */
  endIfWhole(statusCode, headers) {
    if (this.tee === null || this.tee.piece === null || !this.isRequestSent || statusCode < 200) return false;
    const { piece } = this.tee;
    const hasBody = !this.forbidsBody && statusCode !== 204 && statusCode !== 304;
    const found = wholeResponse(piece, statusCode, hasBody ? framingOf(fieldsOf(headers)) : 0);
    if (found === null) return false;
    this.call.responseSize = found.size;
    this.call.endWithWholeResponse(statusCode, [['response_wire', subarray(piece, 0, found.bodyAt + this.captureBytes)]]);
    return true;
  }

  onBodyChunk(chunk) {
    if (this.call.ended) return;
    this.received += chunk.byteLength;
    this.call.feedResponse(chunk);
  }

  /** The user has the socket from now on. */
  onUpgrade(statusCode, headers) {
    if (this.tee !== null) sockets.giveBack(this.socket);
    this.onResponse({ statusCode, headers });
    this.onEnd(null);
  }

  /** `error` is null at the end of the response. */
  onEnd(error) {
    this.releaseSocket();
    if (!this.hasHead) this.call.stage(this.next); // it failed within its first turn
    this.call.requestSize = this.size;
    this.call.responseSize = this.received;
    const givenUp = error !== null && this.call.hasResponse && isUsers(error);
    this.call.end(givenUp ? null : error, error === null);
  }

  releaseSocket() {
    if (this.tee !== null && this.tee.sent === this.call.request) this.tee.sent = null;
  }
}

/** The CONNECT request of undici's ProxyAgent: its stages are those of the call that waits for the tunnel. */
class Tunnel {
  constructor(exchange, origin) {
    this.exchange = exchange;
    this.origin = origin;
    this.hasHead = false;
    this.isLed = false;
    exchange.call.proxy = origin;
  }

  mayBeTaken() {
    return false;
  }

  onTurnEnd() {}

  mayConnectTo(origin) {
    return this.origin === origin;
  }

  isFor() {
    return false;
  }

  onConnecting(host) {
    this.exchange.onConnecting(host);
  }

  onConnectionStage(stage) {
    this.exchange.onConnectionStage(stage);
  }

  excludeBodies() {}

  onSendHeaders() {
    this.hasHead = true;
    this.onConnectionStage('proxy');
  }

  afterSendHeaders() {}

  onSent() {}

  onRequestSent() {}

  onResponse() {}

  onBodyChunk() {}

  onUpgrade(statusCode) {
    if (statusCode === 200) this.onConnectionStage('tls');
  }

  onEnd() {}
}

/** Whether the user stopped the response: cancelled it, aborted by a signal, or destroyed the client. */
function isUsers(error) {
  if (!(error instanceof Error)) return true; // whatever the user gave to cancel()
  return error.name === 'AbortError' || ['UND_ERR_ABORTED', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED'].includes(error.code);
}

/** The head where the wire is not seen; HTTP/2's has pseudo fields and no start line. */
function requestHead(line, headers) {
  const hasLine = headers.startsWith(line);
  return headFrom(hasLine ? headers : `${line} HTTP/2\r\n${headers.replace(/^:.*\r\n/gm, '')}`);
}

module.exports = { Tunnel, UndiciExchange };
