'use strict';
// A response of `http` as user code reads it: its bytes pass the user's own 'data' events, or what read() gives out.

const { guarded } = require('../faults');
const { hiddenListener, listen } = require('../hidden_listeners');
const { privateSlot } = require('../private_slots');
const { headOf } = require('./http_exchange');

const exchanges = privateSlot(); // http.IncomingMessage -> its exchange, until it is over

// A response that nobody keeps is over, though nobody has read it.
const unread = new FinalizationRegistry(
  guarded('http:unread', (exchange) => {
    exchange.end(null, false);
  }),
);

/** The response's head is here; the user's listeners are called after this. */
function watchResponse(exchange, request, response) {
  exchange.responded(response.statusCode, [['response_head', headOf(response)]], response);
  if (hasNoBody(request, response)) {
    exchange.end(null, true);
    return;
  }
  exchanges.set(response, exchange);
  listen(response, 'data', onData);
  listen(response, 'end', onEnd);
  listen(response, 'close', onClose);
  process.nextTick(keepIfUnread, exchange, response);
}

/** Most are read from the first moment on: to be told of their collection would cost each of them something. */
const keepIfUnread = guarded('http:unread', (exchange, response) => {
  if (response.readableFlowing !== true && exchanges.get(response) !== undefined) {
    unread.register(response, exchange, exchange);
  }
});

function hasNoBody(request, { statusCode, headers }) {
  return (
    request.method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'
  );
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
