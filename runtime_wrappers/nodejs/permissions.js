'use strict';
// Node.js's permission model (--permission): the wrapper script has given us the right to read our own files, but rights to
// the spool are the user's to give.

const { rawDebug } = require('./natives');

/** One line, where the rights to write frames into this folder are missing. */
function tellIfRefused(folder) {
  const { permission } = process;
  if (permission === undefined || typeof permission.has !== 'function') return;
  const missing = [
    ['fs.read', '--allow-fs-read', folder],
    ['fs.write', '--allow-fs-write', `${folder}/segment`],
  ].filter(([right, , path]) => !permission.has(right, path));
  if (missing.length === 0) return;
  const flags = missing.map(([, flag]) => `${flag}=${folder}/`).join(' ');
  rawDebug(`aftercall: Node.js may not write records of this function's calls, so they are missing: ${flags} lets it`);
}

module.exports = { tellIfRefused };
