'use strict';
// The part in C (native/mapping.c): maps segments. Where it may not be loaded (Node.js's permission model, `--no-addons`) or
// does not load, segments are written by plain writes.

const { dlopen } = process; // before a user's

/** {map, reserve} of the add-on in this folder, or null. */
function loadMapping(folder) {
  const module_ = { exports: {} };
  try {
    dlopen(module_, `${folder}/mapping.node`);
  } catch {
    return null;
  }
  return module_.exports;
}

module.exports = { loadMapping };
