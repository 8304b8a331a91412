'use strict';
// Which invocation the code that runs now belongs to. Where Lambda runs one at a time it is the one that was given out
// last; on Managed Instances several run at once in one thread, and each carries its own along (AsyncLocalStorage, which
// before Node 24 costs every promise something, so it is not used where it is not needed).

/** One invocation at a time. */
class SingleContext {
  constructor() {
    this.invocation = null;
  }

  /** Called where the runtime client asks for the next event: what follows belongs to what `give` is told. */
  begin() {
    return this;
  }

  give(box, invocation) {
    box.invocation = invocation;
  }

  /** The invocation, or null in the init phase. */
  current() {
    return this.invocation;
  }
}

/** Several at once: the box is entered before the client waits, so that all that comes after the wait has it. */
class ConcurrentContext {
  constructor() {
    const { AsyncLocalStorage } = require('async_hooks');
    this.storage = new AsyncLocalStorage();
  }

  begin() {
    const box = { invocation: null };
    this.storage.enterWith(box);
    return box;
  }

  give(box, invocation) {
    box.invocation = invocation;
  }

  current() {
    const box = this.storage.getStore();
    return box === undefined ? null : box.invocation;
  }
}

module.exports = { ConcurrentContext, SingleContext };
