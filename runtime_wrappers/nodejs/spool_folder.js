'use strict';
// Where the launcher makes the spool, and whether what stands there is what it makes. It says of anything else that
// nothing is recorded, and there nobody would read. For old Nodes too.

const { lstatSync } = require('fs');

const { geteuid } = process; // as it was at the start
const OPEN_TO_OWNER = 0o40700; // st_mode of a folder with mode 0700

/** A path that the launcher always refuses (a relative one, `/`) becomes one that is not a folder. */
function spoolFolder(environment) {
  const folder = ((environment.AFTERCALL_SPOOL_DIR || '').trim() || '/tmp/aftercall').replace(/\/+$/, '');
  return folder.startsWith('/') ? folder : '/dev/null';
}

/** A folder of this user's, open to nobody else, not behind a symlink. */
function isOursAlone(folder) {
  try {
    const { mode, uid } = lstatSync(folder);
    return mode === OPEN_TO_OWNER && uid === geteuid();
  } catch (error) {
    return false;
  }
}

module.exports = { isOursAlone, spoolFolder };
