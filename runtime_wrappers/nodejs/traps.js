'use strict';
// What of us stands on the stack when somebody's call passes: functions of the user's own realm, as the rest is not, since
// the RangeError that they meet at the end of the stack must be the one that the user's code knows. What ours meets there is
// dropped: the user's function meets it next.

const { apply } = Reflect;
const { Instance, Module } = typeof WebAssembly === 'object' ? WebAssembly : {};

/** Has `see(thisArgument, argumentsList)` called, then returns what is to be called: `target`, or what `parent` has there. */
function calleeOf(see, parent, name) {
  return (target, self, list) => {
    try {
      // Users may call a method without a receiver, which fails as ever.
      if (typeof self === 'object' && self !== null) see(self, list);
    } catch {}
    return parent === null ? target : parent[name];
  };
}

/** The trap where there is no WebAssembly. */
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

module.exports = { Instance, Module, apply, calleeOf, lookingHandler, plainTrap };
