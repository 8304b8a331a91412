'use strict';
// Hooks for modules of Node's own that somebody else loads: loading http takes several milliseconds, and many a function
// never needs it.
//
// EventEmitter.init is read whenever an emitter is made, and so before the first request or socket of a module can do
// anything. Read from an accessor it says when to look, without a frame of ours anywhere.

const { EventEmitter } = require('events');

const { guarded } = require('./faults');

const { moduleLoadList } = process;
const waiting = new Set();
let seen = 0;
let original = null;

/** Have `run` called once, when all these modules are loaded, before anything is made of them. */
function whenLoaded(names, run) {
  if (!Array.isArray(moduleLoadList)) {
    run();
    return;
  }
  waiting.add({ ids: names.map((name) => `NativeModule ${name}`), run });
  seen = 0;
  if (original === null) watch();
}

const look = guarded('loaded', () => {
  if (moduleLoadList.length === seen) return;
  seen = moduleLoadList.length;
  for (const one of waiting) {
    if (!one.ids.every((id) => moduleLoadList.includes(id))) continue;
    waiting.delete(one); // first: what it makes is looked at too
    one.run();
  }
  // What was run may have made emitters, and so have come here and stopped already.
  if (waiting.size === 0 && original !== null) stop();
});

function watch() {
  original = Object.getOwnPropertyDescriptor(EventEmitter, 'init');
  let { value } = original;
  Object.defineProperty(EventEmitter, 'init', {
    configurable: true,
    enumerable: original.enumerable,
    get() {
      look();
      return value;
    },
    // domain sets its own.
    set(itsOwn) {
      value = itsOwn;
      original = { ...original, value };
    },
  });
}

function stop() {
  Object.defineProperty(EventEmitter, 'init', original);
  original = null;
}

module.exports = { whenLoaded };
