'use strict';
// Span ids from the kernel: not the user's random numbers, which tests may fake, and without loading `crypto`.

const { allocUnsafeSlow, builtin, closeSync, openSync, readSync, toText } = require('./natives');

const POOL_BYTES = 4096; // to open the device takes as long as to read these
const DIGITS = 16;

let pool = ''; // hex digits
let next = 0;

function refill() {
  const bytes = allocUnsafeSlow(POOL_BYTES);
  try {
    readDevice(bytes);
  } catch {
    builtin('crypto').randomFillSync(bytes); // Node.js's permission model keeps us from the device
  }
  pool = toText(bytes, 'hex');
  next = 0;
}

function readDevice(bytes) {
  const descriptor = openSync('/dev/urandom', 'r');
  try {
    readSync(descriptor, bytes, 0, POOL_BYTES, null);
  } finally {
    closeSync(descriptor);
  }
}

/** 16 lower-case hex digits, never all zeros. */
function spanId() {
  if (next === pool.length) refill();
  next += DIGITS;
  const id = pool.slice(next - DIGITS, next);
  return id === '0000000000000000' ? spanId() : id;
}

module.exports = { spanId };
