'use strict';
// One process frame that says why nothing is seen. For old Nodes too.

const fs = require('fs');
const { isOursAlone, spoolFolder } = require('./spool_folder');
const version = require('./version');

/** Write it, if there is a spool; without one nobody waits for a word. */
function spool(reason) {
  const folder = spoolFolder(process.env);
  if (!isOursAlone(folder)) return;
  const start = Date.now() + '000000';
  const header = Buffer.from(
    '{"kind":"process","time":' + start + ',"format":1,"runtime":"nodejs","runtime_version":' +
      JSON.stringify(process.versions.node) + ',"pid":' + process.pid + ',"start":' + start +
      ',"wrapper":"' + version + '","not_watched":' + JSON.stringify(reason) + '}'
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(header.length, 0);
  const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW;
  let descriptor;
  try {
    descriptor = fs.openSync(folder + '/' + process.pid + '-' + start + '-1.open', flags, 0o600);
  } catch (error) {
    return;
  }
  try {
    fs.fchmodSync(descriptor, 0o600); // whatever the umask
    fs.writeSync(descriptor, Buffer.concat([lengths, header]));
  } finally {
    fs.closeSync(descriptor);
  }
}

module.exports = { spool };
