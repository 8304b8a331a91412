'use strict';
// Watches each call of somebody else's method without a frame in any stack trace. A Proxy of the method takes its place;
// the Proxy's `apply` trap is a WebAssembly function of a few instructions, which tells us of the call and then makes a
// tail call of the method, so it is off the stack when the method runs. Exceptions pass as without us. The property stays
// a plain one with the method's own name and length: others can replace it, before us and after us.
//
// Without WebAssembly (`--jitless`) the trap is a JavaScript function, which adds one line to a stack trace.

const { guarded } = require('./faults');
const { builtin } = require('./natives');

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;

/*
 * (module
 *   (type $call (func (param externref externref externref) (result externref)))
 *   (import "a" "b" (func $callee (type $call)))   what is to be called: we see the call here
 *   (import "a" "c" (func $apply (type $call)))    Reflect.apply
 *   (func (export "t") (type $call)                the trap (target, thisArgument, argumentsList) of a Proxy
 *     local.get 0  local.get 1  local.get 2  call $callee
 *     local.get 1  local.get 2  return_call $apply))
 */
const CODE = [
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 8, 1, 0x60, 3, 0x6f, 0x6f, 0x6f, 1, 0x6f,
  2, 13, 2, 1, 0x61, 1, 0x62, 0, 0, 1, 0x61, 1, 0x63, 0, 0,
  3, 2, 1, 0,
  7, 5, 1, 1, 0x74, 0, 2,
  10, 18, 1, 16, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0x10, 0, 0x20, 1, 0x20, 2, 0x12, 1, 0x0b,
];
const TAIL_CALLS = 'experimental-wasm-return-call'; // what Node.js 18 calls the flag for them

let compiled; // the module, null if there is no WebAssembly
let traps = null; // traps.js, in the user's realm

/** A trap that calls what `callee(target, thisArgument, argumentsList)` returns. */
function trap(callee) {
  if (compiled === undefined) compiled = compile();
  if (compiled === null) return traps.plainTrap(callee);
  return new traps.Instance(compiled, { a: { b: callee, c: traps.apply } }).exports.t;
}

function compile() {
  try {
    return compileWithTailCalls(Uint8Array.from(CODE));
  } catch {
    return null;
  }
}

function compileWithTailCalls(code) {
  const { Module } = traps;
  try {
    return new Module(code);
  } catch (error) {
    if (!process.versions.v8.startsWith('10.')) throw error;
  }
  const { setFlagsFromString } = builtin('v8');
  setFlagsFromString(`--${TAIL_CALLS}`);
  try {
    return new Module(code);
  } finally {
    setFlagsFromString(`--no-${TAIL_CALLS}`);
  }
}

/** Have `before(thisArgument, argumentsList)` called with each call of `owner[name]`; what it throws counts as `fault`. */
function watchCalls(owner, name, fault, before) {
  const descriptor = getOwnPropertyDescriptor(owner, name);
  if (descriptor === undefined || typeof descriptor.value !== 'function') return;
  const apply = trap(traps.calleeOf(guarded(fault, before), null, name));
  defineProperty(owner, name, { ...descriptor, value: new Proxy(descriptor.value, { apply }) });
}

/**
 * Have `events[name](emitter, ...)` called when an instance emits that event, before its listeners. `emit` is inherited by
 * most: then each call goes to the method that is inherited at that moment.
 */
function watchEvents(prototype, fault, events) {
  const own = getOwnPropertyDescriptor(prototype, 'emit');
  const parent = own === undefined ? getPrototypeOf(prototype) : null;
  const see = guarded(fault, (seen, emitter, list) => seen(emitter, list[1], list[2], list[3]));
  const apply = trap(traps.emitCalleeOf(see, parent, 'emit', events));
  const value = new Proxy(own === undefined ? parent.emit : own.value, { apply });
  defineProperty(prototype, 'emit', { configurable: true, enumerable: true, writable: true, ...own, value });
}

/** `itsTraps`: traps.js as the user's realm has it. */
function install(itsTraps) {
  traps = itsTraps;
}

module.exports = { install, watchCalls, watchEvents };
