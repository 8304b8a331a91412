'use strict';
// node write_to.js WRAPPER MAPPING FOLDER...: for each, as a value of AFTERCALL_SPOOL_DIR, one frame, and the folder that it
// went to.

const path = require('path');
const { writerIn } = require('./writing');

const [wrapper, mapping, ...named] = process.argv.slice(2);
const { spoolFolder } = require(path.join(wrapper, 'spool_folder.js'));

for (const name of named) {
  const folder = spoolFolder({ AFTERCALL_SPOOL_DIR: name });
  const writer = writerIn(wrapper, mapping, folder);
  writer.write('note', '1', writer.beginInvocation(''));
  writer.ring();
  console.log(folder);
}
