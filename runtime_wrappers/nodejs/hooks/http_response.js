'use strict';
// A response of `http` as user code reads it. Its bytes are seen in its 'data' events, which it emits for read() too.

const { guarded } = require('../faults');
const { nextTick, subarray } = require('../natives');
const { privateSlot } = require('../private_slots');
const { responseHead } = require('./http_exchange');
const { framingOf, mayBeWhole, wholeResponse } = require('./whole_response');

const exchanges = privateSlot(); // http.IncomingMessage -> its exchange, until it is over

// A response that was collected unread is over.
const unread = new FinalizationRegistry(
  guarded('http:unread', (exchange) => {
    exchange.end(null, false);
  }),
);

/** The response's head has come; the user's listeners are called after this. */
function watchResponse(exchange, request, response) {
  if (endIfWhole(exchange, request, response)) return;
  exchange.onResponse(response.statusCode, [['response_head', responseHead(response)]], response);
  if (forbidsBody(request, response) || response.headers['content-length'] === '0') {
    exchange.end(null, true);
    return;
  }
  exchanges.set(response, exchange);
  nextTick(keepIfUnread, exchange, response);
}

/** Most are read at once, and need not pay for being registered. */
const keepIfUnread = guarded('http:unread', (exchange, response) => {
  if (response.readableFlowing !== true && exchanges.get(response) !== undefined) {
    unread.register(response, exchange, exchange);
  }
});

/** End the call and return true if the whole response has come: the parser still holds the piece that the head was in. */
function endIfWhole(exchange, request, response) {
  if (exchange.call === undefined || !request.writableFinished) return false;
  const { rawHeaders, statusCode } = response;
  const framing = forbidsBody(request, response) ? 0 : framingOf(rawHeaders);
  const { parser } = request;
  if (!mayBeWhole(framing) || !parser || typeof parser.getCurrentBuffer !== 'function') return false;
  const piece = parser.getCurrentBuffer();
  const found = wholeResponse(piece, statusCode, framing);
  if (found === null) return false;
  exchange.endWithWholeResponse(statusCode, subarray(piece, 0, found.bodyAt + exchange.captureBytes), found.size);
  return true;
}

function forbidsBody(request, { statusCode }) {
  return request.method === 'HEAD' || statusCode === 204 || statusCode === 304;
}

/** What a response emits. A server's requests emit the same, and have no exchange. */
const RESPONSE_EVENTS = {
  __proto__: null,

  data(response, chunk) {
    const exchange = exchanges.get(response);
    if (exchange === undefined) return;
    const encoding = typeof chunk === 'string' ? response.readableEncoding || 'utf8' : undefined;
    exchange.onBodyChunk(chunk, encoding);
  },

  end(response) {
    finish(response, null, true);
  },

  close(response) {
    const exchange = exchanges.get(response);
    if (exchange !== undefined) finish(response, exchange.error || brokenBy(response), false);
  },
};

/** The error of a response that its peer broke off; null when the user gave it up. */
function brokenBy(response) {
  const { socket } = response;
  const byPeer = socket && (socket.errored || socket.readableEnded || socket._hadError);
  return byPeer ? response.errored || CUT_SHORT : null;
}

const CUT_SHORT = { code: 'ECONNRESET', message: 'aborted' };

function finish(response, error, complete) {
  const exchange = exchanges.get(response);
  if (exchange === undefined) return;
  exchanges.set(response, undefined);
  unread.unregister(exchange);
  exchange.end(error, complete && response.complete);
}

module.exports = { RESPONSE_EVENTS, watchResponse };
