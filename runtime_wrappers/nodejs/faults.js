'use strict';
// What happens to an exception inside our own code: counted and swallowed.

const { rawDebug } = require('./natives');

let writer = null;
let debug = false;

function report(name, error) {
  if (writer !== null) writer.countFault(name);
  if (debug) rawDebug(`aftercall: ${name}: ${error && error.stack}`);
}

/** `run` as it is, but for exceptions: then undefined. Has the length of a listener of any arguments. */
function guarded(name, run) {
  return function guard() {
    try {
      return run.apply(this, arguments);
    } catch (error) {
      report(name, error);
      return undefined;
    }
  };
}

function install(itsWriter, isDebug) {
  writer = itsWriter;
  debug = isDebug;
}

module.exports = { guarded, install, report };
