'use strict';

class Given {
  constructor(object) {
    return object;
  }
}

/**
 * A property on somebody else's objects that no reflection shows. A WeakMap would do, but each garbage collection walks
 * it, which costs more than everything else that we do in a call.
 */
function privateSlot() {
  return class Slot extends Given {
    #value;

    /** undefined where none was set. */
    static get(object) {
      return #value in object ? object.#value : undefined;
    }

    static set(object, value) {
      if (!(#value in object)) new Slot(object);
      object.#value = value;
    }
  };
}

module.exports = { privateSlot };
