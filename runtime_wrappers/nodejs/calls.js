'use strict';
// One outgoing HTTP exchange, as every library's hooks tell it. The frames are those of SPOOL_FORMAT.md.
//
//   const call = calls.begin('http', 'GET', 'http://example.com/', 'example.com', 80)
//   call.stage('connect')      call_start with this stage; later changes are call_stage frames
//   call.responded(200, heads) call_response with what was captured until now
//   call.end()                 call_end, once
//   call.endWithWholeResponse(200, heads) call_response and call_end in one write

const { nanoseconds } = require('./clock');
const { ALL } = require('./capture_rules');
const { fields } = require('./frames');
const { stringify } = require('./natives');
const { Prefix } = require('./prefix');
const { spanId } = require('./random_ids');
const { traceparent } = require('./trace_context');

// A URL may be as long as a client likes; escaped, it must leave room in the header.
const URL_CHARACTERS = 8192;
const NOTHING = [];
const ERROR_CHARACTERS = 1024;

class Calls {
  constructor(writer, rules, context) {
    this.writer = writer;
    this.rules = rules;
    this.context = context;
  }

  /** Returns a Call; nothing is written until its first stage. `capture` is the rule for its host. */
  begin(library, method, url, capture, proxy) {
    const invocation = this.context.current();
    return new Call(this, invocation, library, method, url, capture === ALL, proxy);
  }
}

/**
 * `request` and `response` are Prefixes, null before their first byte and where bodies are excluded; `requestPart` is the
 * part that the request's bytes go to.
 * `requestSize` and `responseSize` are bytes of body, undefined where not known.
 */
class Call {
  constructor(calls, invocation, library, method, url, hasBodies, proxy) {
    this.writer = calls.writer;
    this.propagates = calls.rules.propagates;
    this.owner = invocation === null ? calls.writer.init : invocation.owner;
    this.invocation = invocation;
    this.time = nanoseconds();
    this.spanId = spanId();
    this.library = library;
    this.method = String(method);
    this.url = url;
    this.proxy = proxy;
    this.hasBodies = hasBodies;
    this.requestPart = 'request_body';
    this.callBytes = calls.rules.callBytes;
    this.request = null;
    this.response = null;
    this.requestSize = undefined;
    this.responseSize = undefined;
    this.decoded = undefined;
    this.current = null;
    this.written = false;
    this.hasResponse = false;
    this.ended = false;
    this.moved = false;
  }

  /** The header to send along; undefined unless AFTERCALL_PROPAGATE asks for it. */
  get traceparent() {
    return this.propagates ? traceparent(this) : undefined;
  }

  /** Set the target of a call that began before its target was known. */
  target(method, url) {
    this.method = method;
    this.url = url;
    this.moved = this.written;
  }

  stage(name) {
    if (name === this.current || this.ended || this.hasResponse) return;
    this.current = name;
    if (!this.written) {
      this.start(name);
      return;
    }
    let tail = `,"span_id":"${this.spanId}","stage":"${name}"`;
    if (this.moved) {
      this.moved = false;
      tail += fields({ method: this.method, url: this.url.slice(0, URL_CHARACTERS) });
    }
    this.writer.write('call_stage', nanoseconds(), this.owner, tail, this.partsBefore(name));
  }

  start(stage) {
    this.written = true;
    const tail =
      `,"span_id":"${this.spanId}","library":"${this.library}","method":${stringify(this.method)}` +
      `,"url":${stringify(this.url.slice(0, URL_CHARACTERS))},"stage":"${stage}"` +
      (this.proxy === undefined ? '' : `,"proxy":${stringify(this.proxy)}`) +
      (this.hasBodies ? '' : ',"bodies":"excluded"');
    this.writer.write('call_start', this.time, this.owner, tail, this.partsBefore(stage));
  }

  /** What the call asks for must be on disk before it waits for an answer: of one that hangs nothing else is known. */
  partsBefore(stage) {
    return stage === 'response_head' && this.hasBodies ? this.requestParts() : NOTHING;
  }

  /** The response's head has come. `heads` are [part, Buffer] pairs. */
  responded(status, heads) {
    if (!this.beginResponse()) return;
    this.writer.write('call_response', nanoseconds(), this.owner, this.responseTail(status), this.parts(heads));
  }

  /** The whole response has come, its body among `heads`: the call is over. */
  endWithWholeResponse(status, heads) {
    if (!this.beginResponse()) return;
    this.ended = true;
    const tails = [this.responseTail(status), this.endTail()];
    this.writer.writeWhole(nanoseconds(), this.owner, ...tails, this.parts(heads));
  }

  /** Returns false if the call is over or has a response already. */
  beginResponse() {
    if (this.ended || this.hasResponse) return false;
    if (!this.written || this.moved) this.stage('response_head');
    this.hasResponse = true;
    this.current = 'response_body';
    return true;
  }

  responseTail(status) {
    return `,"span_id":"${this.spanId}","status":${Number(status)}`;
  }

  endTail() {
    let tail = `,"span_id":"${this.spanId}"`;
    if (this.requestSize !== undefined) tail += `,"request_size":${this.requestSize}`;
    if (this.hasResponse && this.responseSize !== undefined) tail += `,"response_size":${this.responseSize}`;
    return this.decoded === undefined ? tail : `${tail},"decoded":${this.decoded}`;
  }

  parts(heads) {
    if (!this.hasBodies) return NOTHING;
    const parts = heads.concat(this.requestParts());
    if (this.response !== null) parts.push(['response_body', this.response.take()]);
    return parts;
  }

  /** A call that failed before its head was composed has no request yet. */
  requestParts() {
    return this.request === null ? NOTHING : [[this.requestPart, this.request.take()]];
  }

  /** A piece of the request's body; it is copied. */
  feedRequest(chunk, encoding) {
    if (!this.hasBodies) return;
    if (this.request === null) this.request = new Prefix(this.callBytes);
    this.request.feed(chunk, encoding);
  }

  /** The same of the response's. */
  feedResponse(chunk, encoding) {
    if (!this.hasBodies) return;
    if (this.response === null) this.response = new Prefix(this.callBytes);
    this.response.feed(chunk, encoding);
  }

  /** The call is for a host whose bodies are not captured. */
  excludeBodies() {
    this.hasBodies = false;
    this.request = null;
    this.response = null;
  }

  /** The call is over; later calls of this do nothing. `heads` as in responded(), if no response came. */
  end(error = null, complete = true, heads = []) {
    if (this.ended) return;
    if (!this.written) this.stage('request');
    this.ended = true;
    const tail =
      this.endTail() +
      (error === null ? '' : failure(error) + fields({ stage: this.current })) +
      (error === null && complete ? '' : ',"complete":false');
    this.writer.write('call_end', nanoseconds(), this.owner, tail, this.parts(heads));
  }
}

/** `error_type` (the code, where Node gives one: its classes are nearly all called Error) and `error_message`. */
function failure(thrown) {
  const error = Object(thrown) === thrown ? thrown : { message: thrown };
  const first = Array.isArray(error.errors) && !error.message ? error.errors[0] : undefined;
  return fields({
    error_type: String((typeof error.code === 'string' && error.code) || error.name || 'Error'),
    error_message: String(error.message || (first && first.message) || '').slice(0, ERROR_CHARACTERS),
  });
}

module.exports = { Calls };
