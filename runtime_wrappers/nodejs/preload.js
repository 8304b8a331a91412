'use strict';
// What node runs before anything else (--require): installs the hooks and gives back what the wrapper script took. Written
// so that every Node since 12 can read it; what stands behind the require() calls is for Node 18 and newer.

const OLDEST = 18;

function prepare() {
  const words = require('./process_words');
  // As in worker_threads, which takes milliseconds to load; in Workers there is no such function.
  const isMainThread = process.abort.disabled !== true;
  const concurrent = 'AWS_LAMBDA_MAX_CONCURRENCY' in process.env;
  // Managed Instances run functions in Workers, which get the preload from the main thread's execArgv.
  if (!(concurrent && isMainThread)) words.giveBackExecArgv(__filename);
  const version = Number(process.versions.node.split('.')[0]);
  if (version < OLDEST) {
    require('./not_watched').spool(`Node.js ${process.versions.node} is too old: ${OLDEST} or newer is watched`);
  } else if (isMainThread !== concurrent) {
    require('./install').install(concurrent, require('./traps'));
  }
  words.leaveModuleCache(__dirname);
}

try {
  prepare();
} catch (error) {
  // Whatever it was: the function runs as if we were not there.
  if (process.env.AFTERCALL_LOG_LEVEL === 'debug') process._rawDebug('aftercall: ' + (error && error.stack));
}
