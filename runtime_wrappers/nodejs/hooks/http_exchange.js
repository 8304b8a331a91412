'use strict';
// One request over `http` with its response, and the call that is recorded for them. Refers to neither of the two, since
// the call may end because nobody refers to them any more.

const { byteLength } = require('../natives');
const { Prefix } = require('../prefix');
const { ChunkFraming, HEAD_BYTES, headOf } = require('./http1');

// Less than any send buffer: a request below this size cannot wait for its peer to read.
const SMALL_REQUEST = 8192;

class HttpExchange {
  constructor(call, captureBytes) {
    this.call = call;
    this.captureBytes = captureBytes;
    this.begun = false; // its first stage was written
    this.connected = false;
    this.isCertain = true; // the port is known
    this.hostLines = undefined; // see targetOf()
    this.isRequestEnded = false; // the user has ended the request
    this.size = 0; // of the request's body, as far as given
    this.framing = null;
    this.received = 0;
    this.error = null;
    call.requestPart = 'request_wire';
  }

  /** Correct the target by what is known since, unless it was written. */
  retarget({ url, proxy }, hasBodies) {
    if (this.call.written) return;
    Object.assign(this.call, { url, proxy, hasBodies });
  }

  /** The call is for a host whose bodies are not captured. */
  excludeBodies() {
    this.call.excludeBodies();
  }

  enterStage(stage) {
    this.begun = true;
    this.call.stage(stage);
  }

  /** A connection is being made for it: at once, or after it has waited in its agent's queue. */
  onConnecting(stage) {
    if (!this.begun || this.call.current === 'queue') this.enterStage(stage);
  }

  /** The connection has reached a stage: see sockets.follow(). */
  onConnectionStage(stage) {
    if (this.call.hasResponse) return;
    this.connected = stage === 'open';
    if (stage !== 'open') this.enterStage(stage);
    else if (this.isRequestEnded && this.size < SMALL_REQUEST) this.enterStage('response_head');
    else this.enterStage('request');
  }

  /** `data` was given to the connection or its queue: the head first, then the body in its framing. */
  onSent(request, data, encoding) {
    if (!request._headerSent && request._header) this.onHead(request);
    if (data.length === 0) return;
    if (this.call.request !== null) this.call.request.feed(data, encoding);
    const size = typeof data === 'string' ? byteLength(data, encoding) : data.byteLength;
    if (this.framing === null || this.framing.isBody(data, size)) this.size += size;
  }

  /** The head is complete and not sent yet. */
  onHead(request) {
    const { traceparent } = this.call;
    if (traceparent && !/^traceparent:/im.test(request._header)) {
      request._header = `${request._header.slice(0, -2)}traceparent: ${traceparent}\r\n\r\n`;
    }
    const { _header: head } = request;
    this.framing = request.chunkedEncoding ? new ChunkFraming() : null;
    if (!this.call.hasBodies) return;
    const kept = head.length > HEAD_BYTES ? head.slice(0, HEAD_BYTES) : head;
    this.call.request = new Prefix(kept.length + this.captureBytes);
    this.call.request.feed(kept, 'latin1');
  }

  /** The whole request was sent, or its connection has failed. */
  onRequestSent() {
    this.isRequestEnded = true;
    if (this.connected) this.call.stage('response_head');
  }

  /** `heads` are the response's head as [part, Buffer] pairs. */
  onResponse(status, heads) {
    this.call.requestSize = this.size;
    this.call.responded(status, heads);
  }

  /** The whole response has come. `wire` are its bytes, cut; `size` is that of its body. */
  endWithWholeResponse(status, wire, size) {
    this.call.requestSize = this.size;
    this.call.responseSize = size;
    this.call.endWithWholeResponse(status, [['response_wire', wire]]);
  }

  /** A piece of the response's body, as the user's code gets it. */
  onBodyChunk(chunk, encoding) {
    this.received += encoding === undefined ? chunk.byteLength : byteLength(chunk, encoding);
    this.call.feedResponse(chunk, encoding);
  }

  onError(error) {
    this.error = error;
    if (!this.call.hasResponse) this.end(error, false);
  }

  /** The request is closed: if no response has come, none will. */
  onClose() {
    if (!this.call.hasResponse && (this.begun || this.size > 0)) this.end(this.error, false);
  }

  /** The connection belongs to the user now: a 101, or the answer to CONNECT. */
  onUpgrade(response) {
    this.onResponse(response.statusCode, [['response_head', responseHead(response)]]);
    this.end(null, true);
  }

  end(error, complete) {
    this.call.requestSize = this.size;
    this.call.responseSize = this.received;
    this.call.end(error, complete);
  }
}

/** A response of `http` as its head came. */
function responseHead({ httpVersion, rawHeaders, statusCode, statusMessage }) {
  return headOf(`HTTP/${httpVersion} ${statusCode} ${statusMessage}`, rawHeaders);
}

module.exports = { HttpExchange, responseHead };
