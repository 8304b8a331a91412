'use strict';
// One stream of an http2 client session, and the call that it is told as.

const { byteLength, nextTick } = require('../natives');
const { isAddress } = require('./authority');
const { fieldsOf, headOf } = require('./http1');

const NO_ERROR = 0;
const CANCEL = 8;

class Http2Exchange {
  constructor(call, headers, hasBodies) {
    this.call = call;
    this.connected = false;
    this.isReady = false; // it has its number: the peer takes it
    this.isSent = false;
    this.isEnded = false;
    this.size = 0;
    this.received = 0;
    this.error = null;
    const line = `${headers[':method']} ${headers[':path'] || '/'} HTTP/2`;
    this.heads = hasBodies ? [['request_head', headOf(line, fieldsOf(headers))]] : [];
  }

  /** What it waits for at first. */
  waitsFor(session, host) {
    if (session.connecting) this.call.stage(isAddress(host) ? 'connect' : 'dns');
    else this.connected = true;
    nextTick(() => this.settled());
  }

  /** The tick in which it was made is over: it was sent, or waits for the peer to allow one stream more. */
  settled() {
    if (this.connected && !this.call.written) this.call.stage(this.isReady ? 'request' : 'queue');
  }

  /** A stage of its session's connection, or `open` when the stream has its number. */
  connection(stage, stream) {
    if (stage !== 'open') {
      this.call.stage(stage);
      return;
    }
    this.connected = true;
    if (stream === undefined) return;
    this.isReady = true;
    this.call.stage(this.isSent || (stream.writableEnded && stream.writableLength === 0) ? 'response_head' : 'request');
  }

  sent(chunk, encoding) {
    this.size += typeof chunk === 'string' ? byteLength(chunk, encoding) : chunk.byteLength;
    if (this.call.request !== null) this.call.request.feed(chunk, typeof chunk === 'string' ? encoding : undefined);
  }

  /** It was given to nghttp2, which keeps it while the peer takes no more streams. */
  sentAll() {
    this.isSent = true;
    if (this.isReady) this.call.stage('response_head');
  }

  /** `raw` is [name, value, ...] as it came, where this Node.js gives it. */
  responded(headers, raw) {
    const status = headers[':status'];
    this.call.requestSize = this.size;
    this.call.responded(status, [...this.heads.splice(0), ['response_head', headOf(`HTTP/2 ${status}`, fieldsOf(Array.isArray(raw) ? raw : headers))]]);
  }

  takes(chunk, encoding) {
    const text = typeof chunk === 'string' ? encoding || 'utf8' : undefined;
    this.received += text === undefined ? chunk.byteLength : byteLength(chunk, text);
    if (this.call.response !== null) this.call.response.feed(chunk, text);
  }

  failed(error) {
    this.error = error;
    if (!this.call.hasResponse) this.end(error, false);
  }

  closed(code) {
    const broken = code === NO_ERROR || code === CANCEL ? null : RESET;
    this.end(this.error || (this.call.hasResponse ? broken : RESET), false);
  }

  end(error, complete) {
    if (this.isEnded) return;
    this.isEnded = true;
    this.call.requestSize = this.size;
    this.call.responseSize = this.received;
    this.call.end(error, complete, this.heads.splice(0));
  }
}

const RESET = { code: 'ERR_HTTP2_STREAM_ERROR', message: 'the stream was closed' };

module.exports = { Http2Exchange };
