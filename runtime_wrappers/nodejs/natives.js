'use strict';
// Node's own functions as they were at the start: users replace the global ones, in tests and else, and must not meet our
// calls in what they put there. Here and not beside their use, which may be loaded long after that.

const { closeSync, openSync, readFileSync, readSync } = require('fs');
const { _load } = require('module');
const { setImmediate } = require('timers');

const { allocUnsafe, allocUnsafeSlow, byteLength, concat, from: bufferFrom } = Buffer;
const { stringify } = JSON;
const { nextTick, _rawDebug: rawDebug } = process;
const { then } = Promise.prototype;
const { apply } = Reflect;
const { Instance, Module } = typeof WebAssembly === 'object' ? WebAssembly : {};

/** A module of Node's own, without what a user has hung into require() or Module._load. */
function builtin(name) {
  return _load(name, null, false);
}

/** promise.then(), without what a user has put into the prototype. */
function whenSettled(promise, resolved, rejected) {
  apply(then, promise, [resolved, rejected]);
}

module.exports = {
  Instance,
  Module,
  URL,
  allocUnsafe,
  allocUnsafeSlow,
  apply,
  bufferFrom,
  builtin,
  byteLength,
  closeSync,
  concat,
  nextTick,
  openSync,
  rawDebug,
  readFileSync,
  readSync,
  setImmediate,
  stringify,
  whenSettled,
};
