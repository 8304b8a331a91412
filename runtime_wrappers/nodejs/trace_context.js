'use strict';
// The `traceparent` that calls pass on with AFTERCALL_PROPAGATE=true: SPOOL_FORMAT.md, "Propagation".

const { toText } = require('./natives');

const TRACEPARENT = /"traceparent"\s*:[\s["]*([0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})/i;
const ZEROS = /^0*$/;

/** {traceId, sampled} of an invocation: from its HTTP event, else from X-Ray's header, else from its request id. */
function traceOf({ id, event, trace }) {
  return fromEvent(event) || fromXRay(trace || '') || { traceId: fromRequestId(id), sampled: true };
}

function fromEvent(event) {
  const text = typeof event === 'string' ? event : toText(event, 'latin1');
  if (!text.includes('"headers"') && !text.includes('"multiValueHeaders"')) return null;
  const [, header] = TRACEPARENT.exec(text) || [];
  if (header === undefined) return null;
  const [version, traceId, , flags] = header.split('-');
  if (version === 'ff' || ZEROS.test(traceId)) return null;
  return { traceId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

/** `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1` */
function fromXRay(header) {
  const [, time, rest] = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})/i.exec(header) || [];
  if (time === undefined || ZEROS.test(time + rest)) return null;
  return { traceId: (time + rest).toLowerCase(), sampled: !/(?:^|;)\s*Sampled=0/.test(header) };
}

function fromRequestId(id) {
  const digits = id.replace(/-/g, '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) && !ZEROS.test(digits) ? digits : '';
}

/** The header for one call; undefined outside of an invocation and without a trace id. */
function traceparent(call) {
  const { invocation } = call;
  if (invocation === null) return undefined;
  if (invocation.context === undefined) invocation.context = traceOf(invocation);
  const { traceId, sampled } = invocation.context;
  return traceId && `00-${traceId}-${call.spanId}-${sampled ? '01' : '00'}`;
}

module.exports = { traceparent };
