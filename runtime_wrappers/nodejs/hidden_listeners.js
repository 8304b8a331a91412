'use strict';
// Listeners that see what passes and that nobody sees: neither user code nor Node's own counts them, since Node decides by
// such counts whether an error is thrown, a response is thrown away, or a stream flows. They are called beside the user's
// listeners, never around them, so no frame of ours stands in a stack trace.

const { EventEmitter } = require('events');

const { eventNames, listenerCount, listeners, on, rawListeners, removeListener } = EventEmitter.prototype;

const hidden = new Set();

/** Make `listener` one that hide() hides; it finds its emitter in `this`. Returns it. */
function hiddenListener(listener) {
  hidden.add(listener);
  return listener;
}

/** Add it, without what subclasses do when somebody listens (a 'data' listener makes a stream flow). */
function listen(emitter, event, listener) {
  on.call(emitter, event, listener);
}

function unlisten(emitter, event, listener) {
  removeListener.call(emitter, event, listener);
}

function hiddenCount(emitter, event) {
  const { _events: all } = emitter;
  const found = all === undefined || all === null ? undefined : all[event];
  if (found === undefined) return 0;
  if (typeof found === 'function') return hidden.has(found) ? 1 : 0;
  let count = 0;
  for (const listener of found) if (hidden.has(listener)) count += 1;
  return count;
}

const isVisible = (listener) => !hidden.has(listener);

const overrides = {
  listenerCount(eventName) {
    const count = Reflect.apply(listenerCount, this, arguments);
    return arguments.length > 1 && arguments[1] ? count : count - hiddenCount(this, eventName);
  },
  listeners(type) {
    return Reflect.apply(listeners, this, [type]).filter(isVisible);
  },
  rawListeners(type) {
    return Reflect.apply(rawListeners, this, [type]).filter(isVisible);
  },
  eventNames() {
    return Reflect.apply(eventNames, this, []).filter((name) => rawListeners.call(this, name).some(isVisible));
  },
};

/** Hide them on all instances of a class, by its prototype. */
function hide(prototype) {
  for (const name of Object.keys(overrides)) {
    Object.defineProperty(prototype, name, { ...DESCRIPTOR, value: overrides[name] });
  }
}

const DESCRIPTOR = { configurable: true, enumerable: false, writable: true };

module.exports = { DESCRIPTOR, hiddenListener, hide, listen, unlisten };
