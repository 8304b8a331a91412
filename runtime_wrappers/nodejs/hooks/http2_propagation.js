'use strict';
// What AFTERCALL_PROPAGATE needs of http2: the class of client sessions, and headers with a `traceparent`.

const { spanId } = require('../random_ids');
const { traceparent } = require('../trace_context');

/** The prototype of client sessions, which no module exports: from one that speaks to nobody. */
function classOfSessions() {
  const { connect } = require('http2');
  const { Duplex } = require('stream');
  const nobody = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const session = connect('http://localhost', { createConnection: () => nobody });
  session.destroy();
  return Object.getPrototypeOf(session);
}

/**
 * {headers, spanId}: what a request of this invocation sends, and its call's id. Undefined where nothing is to be added.
 * `headers` are an object, or on newer Nodes [name, value, ...].
 */
function withTraceparent(invocation, headers = {}) {
  const isList = Array.isArray(headers);
  const names = isList ? headers.filter((_, at) => at % 2 === 0) : Object.keys(headers);
  if (names.some((name) => String(name).toLowerCase() === 'traceparent')) return undefined;
  const call = { invocation, spanId: spanId() };
  const value = traceparent(call);
  if (!value) return undefined;
  return { spanId: call.spanId, headers: isList ? [...headers, 'traceparent', value] : { ...headers, traceparent: value } };
}

module.exports = { classOfSessions, withTraceparent };
