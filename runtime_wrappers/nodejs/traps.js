'use strict';
// Those functions of ours that are on the stack while a watched method is called. Unlike the rest they are of the user's
// own realm: a RangeError at the end of the stack must be of the class that the user's code knows. Here it is dropped,
// since the user's own function meets it next.

const { apply } = Reflect;
const { Instance, Module } = typeof WebAssembly === 'object' ? WebAssembly : {};

/** Returns a function that calls `see(thisArgument, argumentsList)` and returns what to call: `target` or `parent[name]`. */
function calleeOf(see, parent, name) {
  return (target, self, list) => {
    try {
      // Users may call a method without a receiver, which fails as ever.
      if (typeof self === 'object' && self !== null) see(self, list);
    } catch {}
    return parent === null ? target : parent[name];
  };
}

/** The same for `emit`: calls `see(seen, thisArgument, argumentsList)` where `events` has something for the event. */
function emitCalleeOf(see, parent, name, events) {
  return (target, self, list) => {
    const seen = typeof list[0] === 'string' ? events[list[0]] : undefined;
    if (seen !== undefined) {
      try {
        if (typeof self === 'object' && self !== null) see(seen, self, list);
      } catch {}
    }
    return parent === null ? target : parent[name];
  };
}

/** The trap without WebAssembly. */
function plainTrap(callee) {
  return (target, self, list) => apply(callee(target, self, list), self, list);
}

/** A handler without traps, that has `look` called where V8 asks it for `apply`. */
function lookingHandler(look) {
  return {
    get apply() {
      try {
        look();
      } catch {}
      return undefined;
    },
  };
}

module.exports = { Instance, Module, apply, calleeOf, emitCalleeOf, lookingHandler, plainTrap };
