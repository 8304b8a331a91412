'use strict';
// A response of `http` as user code reads it: its bytes pass the user's own 'data' events, or what read() gives out.

const { guarded } = require('../faults');
const { hiddenListener, listen } = require('../hidden_listeners');
const { nextTick } = require('../natives');
const { privateSlot } = require('../private_slots');
const { headOf } = require('./http_exchange');
const { mayBeWhole, wholeResponse } = require('./whole_response');

const exchanges = privateSlot(); // http.IncomingMessage -> its exchange, until it is over

// A response that nobody keeps is over, though nobody has read it.
const unread = new FinalizationRegistry(
  guarded('http:unread', (exchange) => {
    exchange.end(null, false);
  }),
);

/** The response's head is here; the user's listeners are called after this. */
function watchResponse(exchange, request, response) {
  if (tellWhole(exchange, request, response)) return;
  exchange.responded(response.statusCode, [['response_head', headOf(response)]], response);
  if (forbidsBody(request, response) || response.headers['content-length'] === '0') {
    exchange.end(null, true);
    return;
  }
  exchanges.set(response, exchange);
  listen(response, 'data', onData);
  listen(response, 'end', onEnd);
  listen(response, 'close', onClose);
  nextTick(keepIfUnread, exchange, response);
}

/** Most are read from the first moment on: to be told of their collection would cost each of them something. */
const keepIfUnread = guarded('http:unread', (exchange, response) => {
  if (response.readableFlowing !== true && exchanges.get(response) !== undefined) {
    unread.register(response, exchange, exchange);
  }
});

/** End the call here where nothing of it can come any more: true. The parser still has what it reads the head from. */
function tellWhole(exchange, request, response) {
  if (exchange.call === undefined || !request.writableFinished) return false;
  const { rawHeaders, statusCode } = response;
  const hasBody = !forbidsBody(request, response);
  const { parser } = request;
  if ((hasBody && !mayBeWhole(rawHeaders)) || !parser || typeof parser.getCurrentBuffer !== 'function') return false;
  const piece = parser.getCurrentBuffer();
  const found = wholeResponse(piece, statusCode, rawHeaders, hasBody);
  if (found === null) return false;
  exchange.cameWhole(statusCode, piece.subarray(0, found.bodyAt + exchange.captureBytes), found.size);
  return true;
}

function forbidsBody(request, { statusCode }) {
  return request.method === 'HEAD' || statusCode === 204 || statusCode === 304;
}

const onData = hiddenListener(
  guarded('http:data', function data(chunk) {
    const exchange = exchanges.get(this);
    if (exchange === undefined) return;
    const encoding = typeof chunk === 'string' ? this.readableEncoding || 'utf8' : undefined;
    exchange.takes(chunk, encoding);
  }),
);

const onEnd = hiddenListener(
  guarded('http:end', function end() {
    finish(this, null, true);
  }),
);

const onClose = hiddenListener(
  guarded('http:close', function close() {
    const exchange = exchanges.get(this);
    if (exchange !== undefined) finish(this, exchange.error || brokenBy(this), false);
  }),
);

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

module.exports = { watchResponse };
