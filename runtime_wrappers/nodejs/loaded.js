'use strict';
// Hooks for modules of Node's own that somebody else loads: loading http takes several milliseconds, and many a function
// never needs it.
//
// EventEmitter.init is called whenever an emitter is made, so before a module's first request or socket can do anything. A
// Proxy of it takes its place. V8 asks the Proxy's handler for an `apply` trap: then we look at what is loaded. There is no
// such trap, so the function is called as ever, without a frame of ours.

const { EventEmitter } = require('events');

const { guarded } = require('./faults');

const { includes } = Array.prototype; // the list is of the user's realm
const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
const { moduleLoadList } = process;
const waiting = new Set();
let seen = 0;
let watch = null;
let traps = null; // traps.js, in the user's realm

/** Have `run` called once, when all these modules are loaded, before anything is made of them. */
function whenLoaded(names, run) {
  if (!Array.isArray(moduleLoadList)) {
    run();
    return;
  }
  waiting.add({ ids: names.map((name) => `NativeModule ${name}`), run });
  seen = 0;
  if (watch === null) watch = new Watch();
}

const look = guarded('loaded', () => {
  if (moduleLoadList.length === seen) return;
  seen = moduleLoadList.length;
  for (const one of waiting) {
    if (!one.ids.every((id) => apply(includes, moduleLoadList, [id]))) continue;
    waiting.delete(one); // first: what it makes is looked at too
    one.run();
  }
  // What was run may have made emitters, and so have come here and stopped already.
  if (waiting.size === 0 && watch !== null) watch.stop();
});

class Watch {
  constructor() {
    this.original = getOwnPropertyDescriptor(EventEmitter, 'init');
    this.handler = traps.lookingHandler(look);
    this.proxy = new Proxy(this.original.value, this.handler);
    defineProperty(EventEmitter, 'init', { ...this.original, value: this.proxy });
  }

  /** Somebody may keep the Proxy, as `domain` does: from now on it does nothing. */
  stop() {
    watch = null;
    defineProperty(this.handler, 'apply', { value: undefined });
    if (EventEmitter.init === this.proxy) EventEmitter.init = this.original.value;
  }
}

/** `itsTraps`: traps.js as the user's realm has it. */
function install(itsTraps) {
  traps = itsTraps;
}

module.exports = { install, whenLoaded };
