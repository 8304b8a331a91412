'use strict';
// What the runtime client itself sends over `http`: streamed responses, init errors, and with the alternative client
// (AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1) its requests for events. They are not calls; invocations.js records them.

const { nanoseconds } = require('../clock');
const { fields } = require('../frames');
const { bufferFrom, byteLength, subarray } = require('../natives');
const { Prefix } = require('../prefix');
const { ChunkFraming } = require('./http1');

const PATH = /^\/[0-9-]+\/runtime\/(?:(init)\/error|invocation\/(?:(next)|([^/]+)\/(response|error)))$/;
const ERROR_TRAILER = /^lambda-runtime-function-error-body: *([A-Za-z0-9+/=]+)/im;

/** Has the methods of HttpExchange that http.js calls, and records an invocation instead of a call. */
class RuntimeApiExchange {
  /** The exchange for this path; null if the path says nothing of an invocation (SnapStart's). */
  static of(invocations, method, path) {
    const [, init, next, id, answer] = PATH.exec(String(path)) || [];
    if (init && method === 'POST') return new RuntimeApiExchange(invocations, 'init', '');
    if (next && method === 'GET') return new RuntimeApiExchange(invocations, 'next', '');
    if (id && method === 'POST') return new RuntimeApiExchange(invocations, answer, decodeURIComponent(id));
    return null;
  }

  constructor(invocations, kind, id) {
    this.invocations = invocations;
    this.kind = kind;
    this.id = id;
    this.begun = false;
    this.isRequestEnded = false;
    const { eventBytes, errorBytes } = invocations.rules;
    this.body = new Prefix(kind === 'init' || kind === 'error' ? errorBytes : eventBytes);
    this.firstByte = undefined;
    this.framing = new ChunkFraming();
    this.trailer = '';
    this.error = null;
    if (kind === 'next') this.box = invocations.onNextRequested();
    if (kind === 'response') invocations.onStreamStart(id);
  }

  enterStage() {}

  onConnecting() {}

  excludeBodies() {}

  onConnectionStage() {}

  onRequestSent() {}

  onSent(request, data, encoding) {
    if (this.kind === 'next' || data.length === 0) return;
    if (!request.chunkedEncoding) {
      this.body.feed(data, encoding);
      return;
    }
    if (this.framing.isBody(data, typeof data === 'string' ? byteLength(data, encoding) : data.byteLength)) {
      this.firstByte = this.firstByte || nanoseconds();
      this.body.feed(data, encoding);
    } else {
      this.trailer = String(request._trailer || '');
    }
  }

  onResponse(status, _heads, response) {
    this.status = status;
    this.headers = response.headers;
  }

  onBodyChunk(chunk, encoding) {
    if (this.kind === 'next') this.body.feed(chunk, encoding);
  }

  onError(error) {
    this.error = error;
    this.onEnd(false);
  }

  onClose() {
    this.onEnd(false);
  }

  onUpgrade() {}

  end(_error, complete) {
    this.onEnd(complete);
  }

  onEnd(complete) {
    if (this.isOver) return;
    this.isOver = true;
    const { invocations } = this;
    if (this.kind === 'next' && complete && this.status === 200) {
      invocations.onEvent(this.box, [this.body.take(), this.body.size], this.headers);
    }
    if (this.kind === 'init') invocations.onInitErrorPosted(this.body.take());
    if (this.kind === 'response') this.streamed(complete);
    if (this.kind === 'error') invocations.onErrorPosted(this.id, this.body.take());
  }

  streamed(complete) {
    const first = this.firstByte === undefined ? '' : `,"first_byte":${this.firstByte}`;
    const tail = first + fields({ response_size: this.body.size });
    const [, broken] = ERROR_TRAILER.exec(this.trailer) || [];
    const response = ['response', this.body.take()];
    if (broken !== undefined) {
      const error = subarray(bufferFrom(broken, 'base64'), 0, this.invocations.rules.errorBytes);
      this.invocations.end(this.id, 'error', tail, [response, ['error', error]]);
    } else if (this.error !== null || !complete) {
      const type = fields({ error_type: String((this.error && this.error.code) || 'Runtime.StreamError') });
      this.invocations.end(this.id, 'error', tail + type, [response]);
    } else {
      this.invocations.end(this.id, 'ok', tail, [response]);
    }
  }
}

module.exports = { RuntimeApiExchange };
