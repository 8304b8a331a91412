'use strict';
// One request of undici with its response, and the call that they are told as.

const { isIP } = require('net');

const { guarded } = require('../faults');
const { DESCRIPTOR, hiddenListener, listen, unlisten } = require('../hidden_listeners');
const { bufferFrom, byteLength } = require('../natives');
const { WirePrefix } = require('../prefix');
const { privateSlot } = require('../private_slots');
const { wholeResponse } = require('./whole_response');

const HEAD_BYTES = 65536;

class UndiciExchange {
  constructor(call, captureBytes, origin) {
    this.call = call;
    this.captureBytes = captureBytes;
    this.origin = origin;
    this.next = 'queue'; // the stage to be written when this turn of the event loop is over
    this.hasHead = false;
    this.isSent = false;
    this.size = 0;
    this.taken = 0;
    this.heads = [];
    this.tee = null;
    this.forbidsBody = false;
  }

  /** A free connection would have taken it by now, as undici frees them a turn late: where it waits is written. */
  created() {
    if (!this.hasHead) this.call.stage(this.next);
  }

  /** A connection to `host` is begun for it, or for its tunnel. */
  connects(host) {
    this.waits(isIP(host.replace(/^\[|\]$/g, '')) ? 'connect' : 'dns');
  }

  connection(stage) {
    if (stage !== 'open') this.waits(stage);
  }

  /** Within the first turn nothing is written yet: there may be a proxy to name. */
  waits(stage) {
    this.next = stage;
    if (this.call.written) this.call.stage(stage);
  }

  /** `headers` are the head's text, but for what tells the body's length; over HTTP/2 without a request line. */
  sendsHead(line, headers, socket) {
    this.hasHead = true;
    this.socket = socket;
    this.forbidsBody = line.startsWith('HEAD ');
    if (!this.call.hasBodies) return;
    if (socket.alpnProtocol === 'h2') {
      const fields = headers.replace(/^:.*\r\n/gm, '');
      this.heads = [['request_head', bufferFrom(`${line} HTTP/2\r\n${fields}\r\n`.slice(0, HEAD_BYTES), 'latin1')]];
      return;
    }
    this.call.requestPart = 'request_wire';
    this.call.request = new WirePrefix(this.captureBytes);
    this.tee = teeOf(socket);
    this.tee.sent = this.call.request;
  }

  /** The tick in which the head went out is over. */
  sending() {
    if (!this.isSent) this.call.stage('request');
  }

  sent(chunk) {
    this.size += typeof chunk === 'string' ? byteLength(chunk) : chunk.byteLength;
    if (this.call.hasBodies && this.call.requestPart === 'request_body') this.call.request.feed(chunk);
  }

  /** All of it was given to the socket, which may still wait for its peer. */
  sentAll() {
    this.isSent = true;
    this.releaseSocket();
    const { socket } = this;
    if (!socket || !socket.writableNeedDrain) {
      this.call.stage('response_head');
      return;
    }
    this.call.stage('request');
    waitingForDrain.set(socket, this.call);
    listen(socket, 'drain', onDrain);
  }

  responded({ statusCode, headers, statusText }) {
    this.call.requestSize = this.size;
    if (this.tellWhole(statusCode, headers)) return;
    const http2 = this.call.requestPart !== 'request_wire';
    const head = headOf(`HTTP/${http2 ? '2' : '1.1'} ${statusCode} ${statusText || ''}`, headers);
    this.call.responded(statusCode, [...this.heads.splice(0), ['response_head', head]]);
  }

  /** End the call here where nothing of it can come any more: true. */
  tellWhole(statusCode, headers) {
    if (this.tee === null || this.tee.piece === null || !this.isSent || statusCode < 200) return false;
    const { piece } = this.tee;
    const hasBody = !this.forbidsBody && statusCode !== 204 && statusCode !== 304;
    const found = wholeResponse(piece, statusCode, listOf(headers), hasBody);
    if (found === null) return false;
    this.call.responseSize = found.size;
    this.call.cameWhole(statusCode, [['response_wire', piece.subarray(0, found.bodyAt + this.captureBytes)]]);
    return true;
  }

  received(chunk) {
    if (this.call.ended) return;
    this.taken += chunk.byteLength;
    if (this.call.response !== null) this.call.response.feed(chunk);
  }

  /** The socket is the user's now. */
  upgraded(statusCode, headers) {
    if (this.tee !== null) this.tee.giveBack();
    this.responded({ statusCode, headers });
    this.over(null);
  }

  /** `error` is null at the end of the response. */
  over(error) {
    this.releaseSocket();
    if (!this.hasHead) this.call.stage(this.next); // it failed before its first turn was over
    this.call.requestSize = this.size;
    this.call.responseSize = this.taken;
    const givenUp = error !== null && this.call.hasResponse && isUsers(error);
    this.call.end(givenUp ? null : error, error === null);
  }

  releaseSocket() {
    if (this.tee !== null) this.tee.sent = null;
  }
}

/** The CONNECT request of undici's ProxyAgent: the calls that wait for the tunnel are where it is. */
class Tunnel {
  constructor(exchanges, origin) {
    this.exchanges = exchanges;
    this.origin = origin;
    for (const exchange of exchanges) exchange.call.proxy = origin;
  }

  created() {}

  connects(host) {
    for (const exchange of this.exchanges) exchange.connects(host);
  }

  connection(stage) {
    for (const exchange of this.exchanges) exchange.connection(stage);
  }

  sendsHead() {
    this.connection('proxy');
  }

  sending() {}

  sent() {}

  sentAll() {}

  responded() {}

  received() {}

  upgraded(statusCode) {
    if (statusCode === 200) this.connection('tls');
  }

  over() {}
}

/** The user took no more of the response: cancelled it, aborted by a signal, or destroyed the client. */
function isUsers(error) {
  if (!(error instanceof Error)) return true; // whatever the user gave to cancel()
  return error.name === 'AbortError' || ['UND_ERR_ABORTED', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED'].includes(error.code);
}

const waitingForDrain = new WeakMap(); // net.Socket -> Call

const onDrain = hiddenListener(
  guarded('undici:drain', function drain() {
    unlisten(this, 'drain', onDrain);
    waitingForDrain.get(this)?.stage('response_head');
  }),
);

/**
 * What passes a socket of undici's: `sent` is the Prefix that takes what is written, `piece` what was read last, while
 * undici parses it. It stays as long as undici has the socket: to take it off after each request costs more.
 */
class Tee {
  constructor(socket) {
    this.sent = null;
    this.piece = null;
    const { read, write } = socket;
    const feed = guarded('undici:write', (chunk, encoding) => {
      this.sent.feed(chunk, typeof encoding === 'string' ? encoding : undefined);
    });
    const tee = this;
    const own = {
      write(chunk, encoding) {
        if (tee.sent !== null) feed(chunk, encoding);
        return Reflect.apply(write, this, arguments);
      },
      read() {
        const piece = Reflect.apply(read, this, arguments);
        tee.piece = piece;
        return piece;
      },
    };
    const before = Object.keys(own).map((name) => [name, Object.getOwnPropertyDescriptor(socket, name)]);
    for (const name of Object.keys(own)) Object.defineProperty(socket, name, { ...DESCRIPTOR, value: own[name] });
    this.giveBack = () => {
      for (const [name, descriptor] of before) {
        if (socket[name] !== own[name]) continue;
        if (descriptor === undefined) delete socket[name];
        else Object.defineProperty(socket, name, descriptor);
      }
    };
  }
}

const tees = privateSlot(); // net.Socket -> Tee

function teeOf(socket) {
  let tee = tees.get(socket);
  if (tee === undefined) {
    tee = new Tee(socket);
    tees.set(socket, tee);
  }
  return tee;
}

/** `headers` are [name, value, ...] as Buffers or text, or an object of them. */
function headOf(line, headers) {
  const list = listOf(headers);
  let text = `${line}\r\n`;
  for (let at = 0; at < list.length; at += 2) text += `${latin1(list[at])}: ${latin1(list[at + 1])}\r\n`;
  return bufferFrom(`${text.slice(0, HEAD_BYTES)}\r\n`, 'latin1');
}

function listOf(headers) {
  return Array.isArray(headers) ? headers : Object.entries(headers || {}).flatMap(eachValue);
}

function eachValue([name, value]) {
  if (name.startsWith(':')) return [];
  return Array.isArray(value) ? value.flatMap((one) => [name, one]) : [name, value];
}

function latin1(text) {
  return typeof text === 'string' ? text : bufferFrom(text).toString('latin1');
}

module.exports = { Tunnel, UndiciExchange };
