'use strict';
// The invocation that the running code belongs to. Where Lambda runs one at a time it is the latest. On Managed Instances
// several run at once in one thread, and AsyncLocalStorage tells them apart; before Node 24 that costs every promise
// something, so it is used there alone.

/** One invocation at a time. */
class SingleContext {
  constructor() {
    this.invocation = null;
  }

  /** The runtime client asks for the next event: what follows belongs to the invocation that give() gets. */
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
