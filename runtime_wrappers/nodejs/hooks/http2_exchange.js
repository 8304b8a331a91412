'use strict';
// One stream of an http2 client session, and the call that is recorded for it.

const { byteLength, nextTick } = require('../natives');
const { isAddress } = require('./authority');
const { fieldsOf, headOf } = require('./http1');

const NO_ERROR = 0;
const CANCEL = 8;

class Http2Exchange {
  constructor(call, headers, hasBodies) {
    this.call = call;
    this.connected = false;
    this.isReady = false; // it has its number: the peer accepts it
    this.isRequestSent = false;
    this.isEnded = false;
    this.size = 0;
    this.received = 0;
    this.error = null;
    const line = `${headers[':method']} ${headers[':path'] || '/'} HTTP/2`;
    this.heads = hasBodies ? [['request_head', headOf(line, fieldsOf(headers))]] : [];
  }

  /** The stream was made: write what it waits for. */
  onCreated(session, host) {
    if (session.connecting) this.call.stage(isAddress(host) ? 'connect' : 'dns');
    else this.connected = true;
    nextTick(() => this.onTickEnd());
  }

  /** The tick in which it was made is over: it was sent, or waits until the peer allows one more stream. */
  onTickEnd() {
    if (this.connected && !this.call.written) this.call.stage(this.isReady ? 'request' : 'queue');
  }

  /** A stage of its session's connection, or `open` when the stream has its number. */
  onConnectionStage(stage, stream) {
    if (stage !== 'open') {
      this.call.stage(stage);
      return;
    }
    this.connected = true;
    if (stream === undefined) return;
    this.isReady = true;
    const isSent = this.isRequestSent || (stream.writableEnded && stream.writableLength === 0);
    this.call.stage(isSent ? 'response_head' : 'request');
  }

  onSent(chunk, encoding) {
    this.size += typeof chunk === 'string' ? byteLength(chunk, encoding) : chunk.byteLength;
    this.call.feedRequest(chunk, typeof chunk === 'string' ? encoding : undefined);
  }

  /** The request was given to nghttp2, which holds it while the peer accepts no more streams. */
  onRequestSent() {
    this.isRequestSent = true;
    if (this.isReady) this.call.stage('response_head');
  }

  /** `raw` is [name, value, ...] as received, if this Node.js passes it. */
  onResponse(headers, raw) {
    const status = headers[':status'];
    this.call.requestSize = this.size;
    const head = headOf(`HTTP/2 ${status}`, fieldsOf(Array.isArray(raw) ? raw : headers));
    this.call.responded(status, [...this.heads.splice(0), ['response_head', head]]);
  }

  onBodyChunk(chunk, encoding) {
    const text = typeof chunk === 'string' ? encoding || 'utf8' : undefined;
    this.received += text === undefined ? chunk.byteLength : byteLength(chunk, text);
    this.call.feedResponse(chunk, text);
  }

  onError(error) {
    this.error = error;
    if (!this.call.hasResponse) this.end(error, false);
  }

  onClose(code) {
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
