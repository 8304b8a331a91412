'use strict';
// What the runtime client itself sends over `http`: streamed responses, init errors, and with the alternative client
// (AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1) its questions for events. Never a call; told to invocations.js.

const { nanoseconds } = require('../clock');
const { fields } = require('../frames');
const { bufferFrom, byteLength, subarray, toText } = require('../natives');
const { Prefix } = require('../prefix');
const { ChunkFraming } = require('./http1');

const PATH = /^\/[0-9-]+\/runtime\/(?:(init)\/error|invocation\/(?:(next)|([^/]+)\/(response|error)))$/;
const ERROR_TRAILER = /^lambda-runtime-function-error-body: *([A-Za-z0-9+/=]+)/im;

/** Has the methods of HttpExchange that http.js calls, and tells of an invocation instead of a call. */
class RuntimeApiExchange {
  /** One for this path; null for what tells nothing (SnapStart's). */
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
    this.givenAll = false;
    const { eventBytes, errorBytes } = invocations.rules;
    this.body = new Prefix(kind === 'init' || kind === 'error' ? errorBytes : eventBytes);
    this.firstByte = undefined;
    this.framing = new ChunkFraming();
    this.trailer = '';
    this.error = null;
    if (kind === 'next') this.box = invocations.asked();
    if (kind === 'response') invocations.streams(id);
  }

  waits() {}

  begins() {}

  excludes() {}

  connection() {}

  sentAll() {}

  sent(request, data, encoding) {
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

  responded(status, _heads, response) {
    this.status = status;
    this.headers = response.headers;
  }

  takes(chunk, encoding) {
    if (this.kind === 'next') this.body.feed(chunk, encoding);
  }

  failed(error) {
    this.error = error;
    this.over(false);
  }

  closed() {
    this.over(false);
  }

  upgraded() {}

  end(_error, complete) {
    this.over(complete);
  }

  over(complete) {
    if (this.isOver) return;
    this.isOver = true;
    const { invocations } = this;
    if (this.kind === 'next' && complete && this.status === 200) {
      invocations.arrived(this.box, [this.body.take(), this.body.size], this.headers);
    }
    if (this.kind === 'init') invocations.initFailed(this.body.take());
    if (this.kind === 'response') this.streamed(complete);
    if (this.kind === 'error') invocations.failed(this.id, toText(this.body.take()));
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
