'use strict';
// How far the connection of a call has come: name resolved, TCP handshake, TLS handshake; and what passes it. For all hooks
// that get to know their socket.

const net = require('net');

const { privateSlot } = require('../private_slots');
const { watchCalls, watchEvents } = require('../trampoline');

const connections = privateSlot(); // net.Socket -> Connection, while it is made
const tees = privateSlot(); // net.Socket -> Tee
const undicis = privateSlot(); // net.Socket -> true where undici has it
const noticing = new Set();
let observer = null;
let installed = false;

/** A connection that is being made. `stage` is null until something is known, then connect, tls, or open at the end. */
class Connection {
  constructor() {
    this.stage = null;
    this.followers = new Set();
  }

  reach(stage) {
    this.stage = stage;
    for (const follower of this.followers) follower.connection(stage);
  }
}

/** `sent` is what takes the bytes that are written, `piece` what was read last, `drained` what waits for the peer to read. */
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
 * Have `follower.connection(stage)` called with each stage that this socket comes to: `connect`, `tls` and at last `open`,
 * the present one at once.
 */
function follow(socket, follower) {
  if (!(socket instanceof net.Socket)) {
    follower.connection('open');
    return;
  }
  const known = connections.get(socket);
  if (known === undefined && !socket.connecting && !socket.secureConnecting) {
    follower.connection('open');
    return;
  }
  const connection = known || track(socket);
  connection.followers.add(follower);
  if (connection.stage !== null) follower.connection(connection.stage);
  else if (known === undefined && !socket.connecting) connection.reach('tls');
}

/** The Tee of a socket; null for what is none of Node's. */
function teeOf(socket) {
  if (!(socket instanceof net.Socket)) return null;
  let tee = tees.get(socket);
  if (tee === undefined) {
    tee = new Tee();
    tees.set(socket, tee);
  }
  return tee;
}

/** undici has it, and tells itself of what it sends over it, with HTTP/2 as well. */
function ownedByUndici(socket) {
  undicis.set(socket, true);
}

function isUndicis(socket) {
  return undicis.get(socket) === true;
}

/** The socket is the user's now. */
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

/** Where a socket hands on what is written to it: once for one chunk, or for all that it has gathered. */
function written(socket, [isGathered, data, encoding]) {
  const tee = tees.get(socket);
  if (tee === undefined || tee.sent === null || socket.connecting) return; // it comes again when it is connected
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

module.exports = { follow, forget, giveBack, install, isUndicis, notice, observe, ownedByUndici, teeOf };
