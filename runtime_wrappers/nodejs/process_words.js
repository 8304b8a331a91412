'use strict';
// Gives back what the wrapper script has put into the command line, and takes our files out of the module cache: what
// functions, forked children and Workers see is as without us.

/** Take `--require=<this wrapper's preload.js>` out of process.execArgv, which child_process.fork hands on, and the like. */
function giveBackExecArgv(preload) {
  const folder = preload.slice(0, preload.lastIndexOf('/') + 1);
  for (const word of [`--require=${preload}`, `--allow-fs-read=${folder}`]) {
    const at = process.execArgv.indexOf(word);
    if (at >= 0) process.execArgv.splice(at, 1);
  }
  // Node is going through this very list: another one is put in its place, where that can be done.
  const property = Object.getOwnPropertyDescriptor(process, '_preload_modules');
  if (property && property.configurable && Array.isArray(property.value)) {
    const value = property.value.filter((file) => file !== preload);
    Object.defineProperty(process, '_preload_modules', { ...property, value });
  }
}

/** Our modules leave require.cache; they have each other already. */
function leaveModuleCache(folder) {
  const { Module } = module.constructor;
  for (const name of Object.keys(Module._cache)) {
    if (name.startsWith(`${folder}/`)) delete Module._cache[name];
  }
  for (const name of Object.keys(Module._pathCache)) {
    if (name.includes(`${folder}/`)) delete Module._pathCache[name];
  }
}

module.exports = { giveBackExecArgv, leaveModuleCache };
