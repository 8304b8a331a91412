'use strict';
// How far the connection of a call has come: name resolved, TCP handshake, TLS handshake. For all hooks that get to know
// their socket.
//
// net.Socket.prototype.connect becomes an accessor: to be called it must be read, and reading tells which socket begins to
// connect, without a frame of ours around what it does.

const net = require('net');

const { guarded } = require('../faults');
const { hiddenListener, hide, listen, unlisten } = require('../hidden_listeners');

const connections = new WeakMap(); // net.Socket -> Connection, while it is made
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

const onLookup = hiddenListener(
  guarded('net:lookup', function lookup(error) {
    if (!error) connections.get(this)?.reach('connect');
  }),
);

const onConnect = hiddenListener(
  guarded('net:connect', function connect() {
    const connection = connections.get(this);
    if (connection === undefined) return;
    if (this.secureConnecting) connection.reach('tls');
    else opened(this, connection);
  }),
);

const onSecure = hiddenListener(
  guarded('net:secureConnect', function secureConnect() {
    const connection = connections.get(this);
    if (connection !== undefined) opened(this, connection);
  }),
);

const LISTENERS = { lookup: onLookup, connect: onConnect, secureConnect: onSecure };

function opened(socket, connection) {
  connections.delete(socket);
  for (const event of Object.keys(LISTENERS)) unlisten(socket, event, LISTENERS[event]);
  connection.reach('open');
}

function track(socket) {
  let connection = connections.get(socket);
  if (connection === undefined) {
    connection = new Connection();
    connections.set(socket, connection);
    for (const event of Object.keys(LISTENERS)) listen(socket, event, LISTENERS[event]);
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

/** A TLSSocket has its handle, and says that it is connecting, before it connects. */
function isNew(socket) {
  return !socket._handle || (socket.encrypted === true && !socket._secureEstablished);
}

/** Have `run(socket)` called for every socket that begins to connect while `action` runs. */
function observe(run) {
  const before = observer;
  observer = run;
  return () => {
    observer = before;
  };
}

const connecting = guarded('net:connect', (socket) => {
  track(socket);
  if (observer !== null) observer(socket);
  for (const run of noticing) run(socket);
});

/** Have `run(socket)` called for every socket that begins to connect, until forget(run). */
function notice(run) {
  noticing.add(run);
}

function forget(run) {
  noticing.delete(run);
}

/** Once for all hooks. */
function install() {
  if (installed) return;
  installed = true;
  const { prototype } = net.Socket;
  let descriptor = Object.getOwnPropertyDescriptor(prototype, 'connect');
  hide(prototype);
  Object.defineProperty(prototype, 'connect', {
    configurable: true,
    enumerable: descriptor.enumerable,
    get() {
      // What only looks at a prototype, or at a socket that is connected, does not begin to connect.
      if (Object.hasOwn(this, '_readableState') && isNew(this)) connecting(this);
      return descriptor.value;
    },
    set(value) {
      if (this === prototype) descriptor = { ...descriptor, value };
      else Object.defineProperty(this, 'connect', { ...descriptor, value });
    },
  });
}

module.exports = { follow, forget, install, notice, observe };
