'use strict';
// Makes the one writer of this thread and hangs the hooks in.

const { Calls } = require('./calls');
const { CaptureRules, variable } = require('./capture_rules');
const { ConcurrentContext, SingleContext } = require('./context');
const faults = require('./faults');
const { fields } = require('./frames');
const { Invocations, watchNativeClient } = require('./invocations');
const { Writer } = require('./spool');
const { spoolFolder } = require('./spool_folder');
const version = require('./version');

/** `concurrent`: Lambda gives this thread several invocations at once (Managed Instances). */
function install(concurrent) {
  const environment = process.env;
  const rules = new CaptureRules(environment);
  const versions = fields({ runtime: 'nodejs', runtime_version: process.versions.node, wrapper: version });
  const { threadId } = require('worker_threads');
  const writer = new Writer(spoolFolder(environment), versions, threadId);
  faults.install(writer, variable(environment, 'AFTERCALL_LOG_LEVEL').toLowerCase() === 'debug');
  const context = concurrent ? new ConcurrentContext() : new SingleContext();
  const invocations = new Invocations(writer, rules, context, concurrent);
  const calls = new Calls(writer, rules, context);
  watchNativeClient(invocations);
  for (const hooks of ['http', 'undici', 'http2']) {
    faults.guarded(hooks, () => require(`./hooks/${hooks}`).install(calls, invocations))();
  }
}

module.exports = { install };
