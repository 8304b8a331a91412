'use strict';
// Node's own functions as they were at the start: users replace the global ones, in tests and else, and must not meet our
// calls in what they put there. Here and not beside their use, which may be loaded long after that.

const { closeSync, openSync, readSync } = require('fs');
const { setImmediate } = require('timers');

const { allocUnsafe, allocUnsafeSlow, byteLength, concat, from: bufferFrom } = Buffer;
const { stringify } = JSON;
const { nextTick } = process;

module.exports = {
  allocUnsafe,
  allocUnsafeSlow,
  bufferFrom,
  byteLength,
  closeSync,
  concat,
  nextTick,
  openSync,
  readSync,
  setImmediate,
  stringify,
};
