'use strict';
// One request over `http` with its response, and the call that they are told as. Holds neither request nor response: their
// end may be that nobody keeps them.

const { byteLength } = require('../natives');
const { Prefix } = require('../prefix');
const { ChunkFraming, HEAD_BYTES, headOf } = require('./http1');

// Less than any send buffer: a request below this size cannot wait for its peer to read.
const SMALL_REQUEST = 8192;

class HttpExchange {
  constructor(call, captureBytes) {
    this.call = call;
    this.captureBytes = captureBytes;
    this.begun = false; // it was written what the call waits for
    this.connected = false;
    this.givenAll = false; // the user has ended the request
    this.expects = false; // the body waits for a 100 Continue
    this.size = 0; // of the request's body, as far as given
    this.framing = null;
    this.received = 0;
    this.error = null;
    call.requestPart = 'request_wire';
    call.request = null;
  }

  /** What the call is for, told anew by what is known later. */
  retarget({ url, proxy }, hasBodies) {
    if (this.call.written) return;
    Object.assign(this.call, { url, proxy, hasBodies });
  }

  /** The head that goes out names a host whose bodies are not captured. */
  excludes() {
    Object.assign(this.call, { hasBodies: false, request: null, response: null });
  }

  waits(stage) {
    this.begun = true;
    this.call.stage(stage);
  }

  /** A connection is begun for it: at once, or after it has waited in its agent's queue. */
  begins(stage) {
    if (!this.begun || this.call.current === 'queue') this.waits(stage);
  }

  /** A stage of its connection, from sockets.js. */
  connection(stage) {
    if (this.call.hasResponse) return;
    this.connected = stage === 'open';
    if (stage !== 'open') this.waits(stage);
    else if (this.givenAll && this.size < SMALL_REQUEST) this.waits('response_head');
    else this.waits('request');
  }

  /** `data` goes to the connection, or into its queue: the head first, then the body in its framing. */
  sent(request, data, encoding) {
    if (!request._headerSent && request._header) this.head(request);
    if (data.length === 0) return;
    if (this.call.request !== null) this.call.request.feed(data, encoding);
    const size = typeof data === 'string' ? byteLength(data, encoding) : data.byteLength;
    if (this.framing === null || this.framing.isBody(data, size)) this.size += size;
  }

  /** The head is complete and has not left yet. */
  head(request) {
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

  /** All of the request has left this process, or its connection has failed. */
  sentAll() {
    this.givenAll = true;
    if (this.connected) this.call.stage('response_head');
  }

  /** `heads` are the response's head as [part, Buffer] pairs. */
  responded(status, heads) {
    this.call.requestSize = this.size;
    this.call.responded(status, heads);
  }

  /** The response is here with all of its body: `wire` holds its bytes, cut; `size` are the body's. */
  cameWhole(status, wire, size) {
    this.call.requestSize = this.size;
    this.call.responseSize = size;
    this.call.cameWhole(status, [['response_wire', wire]]);
  }

  /** A piece of the response's body, as the user's code gets it. */
  takes(chunk, encoding) {
    this.received += encoding === undefined ? chunk.byteLength : byteLength(chunk, encoding);
    if (this.call.response !== null) this.call.response.feed(chunk, encoding);
  }

  failed(error) {
    this.error = error;
    if (!this.call.hasResponse) this.end(error, false);
  }

  /** The request is closed: without a response nothing more can come. */
  closed() {
    if (!this.call.hasResponse && (this.begun || this.size > 0)) this.end(this.error, false);
  }

  /** The connection belongs to the user now: a 101, or the answer to CONNECT. */
  upgraded(response) {
    this.responded(response.statusCode, [['response_head', responseHead(response)]]);
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
