'use strict';
// The stages of a connection (name resolved, TCP handshake, TLS handshake) and the bytes that pass it. For all hooks that
// learn their socket.

const net = require('net');

const { privateSlot } = require('../private_slots');
const { watchCalls, watchEvents } = require('../trampoline');

const connections = privateSlot(); // net.Socket -> Connection, while it is made
const tees = privateSlot(); // net.Socket -> Tee
const undicis = privateSlot(); // net.Socket -> true if it belongs to undici
const noticing = new Set();
let observer = null;
let installed = false;

/** A connection that is being made. `stage` is null at first, then connect, tls, and at last open. */
class Connection {
  constructor() {
    this.stage = null;
    this.followers = new Set();
  }

  reach(stage) {
    this.stage = stage;
    for (const follower of this.followers) follower.onConnectionStage(stage);
  }
}

/** `sent` is the Prefix of what is written, `piece` what was read last, `drained` is called once the peer has read. */
class Tee {
  constructor() {
    this.sent = null;
    this.piece = null;
    this.drained = null;
  }
}

const EVENTS = {
  __proto__: null,

  lookup(socket, error) {
    if (!error) connections.get(socket)?.reach('connect');
  },

  connect(socket) {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    if (socket.secureConnecting) connection.reach('tls');
    else opened(socket, connection);
  },

  secureConnect(socket) {
    const connection = connections.get(socket);
    if (connection !== undefined) opened(socket, connection);
  },

  data(socket, chunk) {
    const tee = tees.get(socket);
    if (tee !== undefined) tee.piece = chunk;
  },

  drain(socket) {
    const tee = tees.get(socket);
    if (tee === undefined || tee.drained === null) return;
    const { drained } = tee;
    tee.drained = null;
    drained();
  },
};

function opened(socket, connection) {
  connections.set(socket, undefined);
  connection.reach('open');
}

function track(socket) {
  let connection = connections.get(socket);
  if (connection === undefined) {
    connection = new Connection();
    connections.set(socket, connection);
  }
  return connection;
}

/**
 * Have `follower.onConnectionStage(stage)` called with each stage that this socket reaches: `connect`, `tls` and at last
 * `open`. It is called with the present stage at once.
 */
function follow(socket, follower) {
  if (!(socket instanceof net.Socket)) {
    follower.onConnectionStage('open');
    return;
  }
  const known = connections.get(socket);
  if (known === undefined && !socket.connecting && !socket.secureConnecting) {
    follower.onConnectionStage('open');
    return;
  }
  const connection = known || track(socket);
  connection.followers.add(follower);
  if (connection.stage !== null) follower.onConnectionStage(connection.stage);
  else if (known === undefined && !socket.connecting) connection.reach('tls');
}

/** The Tee of a socket; null if it is not one of Node's. */
function teeOf(socket) {
  if (!(socket instanceof net.Socket)) return null;
  let tee = tees.get(socket);
  if (tee === undefined) {
    tee = new Tee();
    tees.set(socket, tee);
  }
  return tee;
}

/** The socket belongs to undici, whose own channels tell of its requests, over HTTP/2 as well. */
function markAsOfUndici(socket) {
  undicis.set(socket, true);
}

function isOfUndici(socket) {
  return undicis.get(socket) === true;
}

/** The user has the socket from now on. */
function giveBack(socket) {
  tees.set(socket, undefined);
}

/** Have `run(socket)` called for every socket that begins to connect while `action` runs. */
function observe(run) {
  const before = observer;
  observer = run;
  return () => {
    observer = before;
  };
}

/** Have `run(socket)` called for every socket that begins to connect, until forget(run). */
function notice(run) {
  noticing.add(run);
}

function forget(run) {
  noticing.delete(run);
}

function connecting(socket) {
  track(socket);
  if (observer !== null) observer(socket);
  for (const run of noticing) run(socket);
}

/** net.Socket._writeGeneric(isGathered, data, encoding): one chunk, or all that the socket has gathered. */
function written(socket, [isGathered, data, encoding]) {
  const tee = tees.get(socket);
  if (tee === undefined || tee.sent === null || socket.connecting) return; // called again once it is connected
  const chunks = isGathered ? data : [{ chunk: data, encoding }];
  for (let at = 0; at < chunks.length; at += 1) {
    const { chunk } = chunks[at];
    tee.sent.feed(chunk, typeof chunk === 'string' ? chunks[at].encoding : undefined);
  }
}

/** Once for all hooks. */
function install() {
  if (installed) return;
  installed = true;
  const { prototype } = net.Socket;
  watchCalls(prototype, 'connect', 'net:connect', connecting);
  watchCalls(prototype, '_writeGeneric', 'net:write', written);
  watchEvents(prototype, 'net:event', EVENTS);
}

module.exports = { follow, forget, giveBack, install, isOfUndici, markAsOfUndici, notice, observe, teeOf };
