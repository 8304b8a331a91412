'use strict';
// One process frame that says why nothing is seen, in a segment of its own (SPOOL_FORMAT.md). For old Nodes too.

const fs = require('fs');
const { isOursAlone, spoolFolder } = require('./spool_folder');
const version = require('./version');

const HEAD_BYTES = 64;
const WORDS = 8; // where `committed`, `base` and `closed` stand
const CLOSED = 8; // from there

/** Write it, if there is a spool; without one nobody waits for a word. */
function spool(reason) {
  const folder = spoolFolder(process.env);
  if (!isOursAlone(folder)) return;
  const start = Date.now() + '000000';
  const header = Buffer.from(
    '{"kind":"process","time":' + start + ',"format":2,"runtime":"nodejs","runtime_version":' +
      JSON.stringify(process.versions.node) + ',"pid":' + process.pid + ',"start":' + start +
      ',"wrapper":"' + version + '","not_watched":' + JSON.stringify(reason) + '}'
  );
  const size = Math.ceil((8 + header.length) / 8) * 8;
  const segment = Buffer.alloc(HEAD_BYTES + size); // it ends with its one frame
  segment.write('aftcall\x02', 0, 'latin1');
  segment.writeUInt32LE(header.length, HEAD_BYTES);
  header.copy(segment, HEAD_BYTES + 8);
  const words = Buffer.alloc(CLOSED + 4);
  words.writeUInt32LE(size, 0);
  words.writeUInt32LE(2, CLOSED);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  const path = folder + '/' + process.pid + '-' + start + '-1.segment';
  let descriptor;
  try {
    descriptor = fs.openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    return;
  }
  try {
    fs.fchmodSync(descriptor, 0o600); // whatever the umask
    fs.writeSync(descriptor, segment, 0, segment.length, 0);
    fs.writeSync(descriptor, words, 0, words.length, WORDS);
  } finally {
    fs.closeSync(descriptor);
  }
}

module.exports = { spool };
