'use strict';
// Makes the one writer of this thread and hangs the hooks in: each with the first sign of what it is for.

const { CaptureRules, variable } = require('./capture_rules');
const { ConcurrentContext, SingleContext } = require('./context');
const faults = require('./faults');
const { fields } = require('./frames');
const { Invocations, watchNativeClient } = require('./invocations');
const moduleLoading = require('./loaded');
const { loadMapping } = require('./mapping');
const { channel } = require('./natives');
const { tellIfRefused } = require('./permissions');
const { Writer } = require('./spool');
const { spoolFolder } = require('./spool_folder');
const trampoline = require('./trampoline');
const version = require('./version');

const STREAM_CREATED = 'http2.client.stream.created';
const TELLS_OF_STREAMS = Number(process.versions.node.split('.')[0]) >= 24;

/** `concurrent`: Lambda gives this thread several invocations at once (Managed Instances); `traps`: traps.js. */
function install(concurrent, traps) {
  moduleLoading.install(traps);
  trampoline.install(traps);
  const environment = process.env;
  const rules = new CaptureRules(environment);
  const versions = fields({ runtime: 'nodejs', runtime_version: process.versions.node, wrapper: version });
  // What it costs to load, only Managed Instances pay.
  const threadId = concurrent ? require('worker_threads').threadId : 0;
  const folder = spoolFolder(environment);
  tellIfRefused(folder);
  const writer = new Writer(folder, versions, threadId, loadMapping(__dirname));
  faults.install(writer, variable(environment, 'AFTERCALL_LOG_LEVEL').toLowerCase() === 'debug');
  const context = concurrent ? new ConcurrentContext() : new SingleContext();
  const invocations = new Invocations(writer, rules, context, concurrent);
  watchNativeClient(invocations);
  let made = null;
  // Loaded when the first hook is.
  const calls = () => {
    if (made === null) made = new (require('./calls').Calls)(writer, rules, context);
    return made;
  };
  // The last two that http and https load.
  const hookHttp = () => require('./hooks/http').install(calls(), invocations);
  moduleLoading.whenLoaded(['_http_client', '_http_server'], faults.guarded('http', hookHttp));
  onFirst('undici:request:create', () => require('./hooks/undici').install(calls()));
  if (TELLS_OF_STREAMS && !rules.propagates) {
    onFirst(STREAM_CREATED, () => require('./hooks/http2').install(calls()));
  } else {
    const install_ = () => channel(STREAM_CREATED).subscribe(require('./hooks/http2').install(calls()));
    moduleLoading.whenLoaded(['internal/http2/core'], faults.guarded('http2', install_));
  }
}

/** Messages of this channel go to what `install` returns; it is called for the first. */
function onFirst(name, install_) {
  let receive = null;
  const received = faults.guarded(name, (message) => {
    receive = receive || install_();
    receive(message);
  });
  channel(name).subscribe(received);
}

module.exports = { install };
