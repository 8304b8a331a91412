'use strict';
// What AFTERCALL_PROPAGATE needs of http2: the class of client sessions, and headers with a `traceparent`.

const { builtin, nextTick } = require('../natives');
const { spanId } = require('../random_ids');
const { traceparent } = require('../trace_context');

/** The prototype of client sessions, which no module exports: taken from a session without a peer. */
function classOfSessions() {
  const { connect } = builtin('http2');
  const { Duplex } = builtin('stream');
  const nobody = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const session = connect('http://localhost', { createConnection: () => nobody });
  session.destroy();
  return Object.getPrototypeOf(session);
}

/** Adds the header to requests, and remembers which call each value is for. */
class Propagation {
  constructor() {
    this.given = new Map(); // `traceparent` -> span id, until the stream is made
  }

  /** `list` are the arguments of request(headers, options); headers an object, or on newer Nodes [name, value, ...]. */
  add(invocation, list) {
    const [headers = {}] = list;
    const isList = Array.isArray(headers);
    const names = isList ? headers.filter((_, at) => at % 2 === 0) : Object.keys(headers);
    if (names.some((name) => String(name).toLowerCase() === 'traceparent')) return;
    const call = { invocation, spanId: spanId() };
    const value = traceparent(call);
    if (!value) return;
    list[0] = isList ? [...headers, 'traceparent', value] : { ...headers, traceparent: value };
    this.given.set(value, call.spanId);
    nextTick(nextTick, () => this.given.delete(value)); // in case no stream was made
  }

  spanIdOf(headers) {
    return this.given.get(headers.traceparent);
  }
}

module.exports = { Propagation, classOfSessions };
