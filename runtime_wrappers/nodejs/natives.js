'use strict';
// Node's own functions as they were at the start: users replace the global ones, in tests and else, and must not meet our
// calls in what they put there. Here and not beside their use, which may be loaded long after that. JavaScript's own
// (Array, Map, Math...) are of our own realm where we are bundled: see build.py.

const { channel } = require('diagnostics_channel');
const { closeSync, constants, existsSync, fchmodSync, fstatSync, openSync, readFileSync, readSync } = require('fs');
const { readdirSync, renameSync, statSync, unlinkSync, writeSync } = require('fs');
const { _load } = require('module');
const { setImmediate } = require('timers');

const { allocUnsafe, allocUnsafeSlow, byteLength, concat, from: bufferFrom } = Buffer;
const { stringify } = JSON;
const { nextTick, _rawDebug: rawDebug } = process;
const { then } = Promise.prototype;
const { apply } = Reflect;

/** method(self, ...list) of a method of this prototype. */
function method(prototype, name) {
  return Function.prototype.call.bind(prototype[name]);
}

/** A module of Node's own, without what a user has hung into require() or Module._load. */
function builtin(name) {
  return _load(name, null, false);
}

/** promise.then(), without what a user has put into the prototype. */
function whenSettled(promise, resolved, rejected) {
  apply(then, promise, [resolved, rejected]);
}

module.exports = {
  URL,
  allocUnsafe,
  allocUnsafeSlow,
  apply,
  bufferFrom,
  builtin,
  byteLength,
  channel,
  closeSync,
  concat,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  nextTick,
  openSync,
  rawDebug,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  setImmediate,
  statSync,
  stringify,
  unlinkSync,
  equals: method(Buffer.prototype, 'equals'),
  indexOf: method(Buffer.prototype, 'indexOf'),
  latin1Of: method(Buffer.prototype, 'latin1Slice'),
  setBytes: method(Buffer.prototype, 'set'),
  subarray: method(Buffer.prototype, 'subarray'),
  toText: method(Buffer.prototype, 'toString'),
  whenSettled,
  writeLatin1: method(Buffer.prototype, 'latin1Write'),
  writeSync,
  writeUtf8: method(Buffer.prototype, 'utf8Write'),
};
