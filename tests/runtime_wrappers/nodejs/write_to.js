'use strict';
// node write_to.js WRAPPER FOLDER...: for each, as a value of AFTERCALL_SPOOL_DIR, one frame, and the folder that it went to.

const path = require('path');

const [wrapper, ...named] = process.argv.slice(2);
const { Writer } = require(path.join(wrapper, 'spool.js'));
const { spoolFolder } = require(path.join(wrapper, 'spool_folder.js'));

for (const name of named) {
  const folder = spoolFolder({ AFTERCALL_SPOOL_DIR: name });
  const writer = new Writer(folder, '', 0);
  writer.write('note', '1', writer.beginInvocation(''));
  writer.seal();
  console.log(folder);
}
