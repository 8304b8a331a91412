'use strict';
// Span ids from the kernel: not the user's random numbers, which tests may fake, and without loading `crypto`.

const { allocUnsafeSlow, builtin, closeSync, openSync, readSync, toText } = require('./natives');

const POOL_BYTES = 1024;
const ID_BYTES = 8;

const pool = allocUnsafeSlow(POOL_BYTES);
let next = POOL_BYTES;

function refill() {
  try {
    readDevice();
  } catch {
    builtin('crypto').randomFillSync(pool); // Node.js's permission model keeps us from the device
  }
  next = 0;
}

function readDevice() {
  const descriptor = openSync('/dev/urandom', 'r');
  try {
    readSync(descriptor, pool, 0, POOL_BYTES, null);
  } finally {
    closeSync(descriptor);
  }
}

/** 16 lower-case hex digits, never all zeros. */
function spanId() {
  if (next + ID_BYTES > POOL_BYTES) refill();
  const id = toText(pool, 'hex', next, next + ID_BYTES);
  next += ID_BYTES;
  return id === '0000000000000000' ? spanId() : id;
}

module.exports = { spanId };
