'use strict';
// A Writer of the wrapper's sources for the tests' scripts. `mapping` is the folder of the add-on, /dev/null for plain writes.

const path = require('path');

exports.writerIn = (wrapper, mapping, folder) => {
  const { loadMapping } = require(path.join(wrapper, 'mapping.js'));
  const { Writer } = require(path.join(wrapper, 'spool.js'));
  const found = loadMapping(mapping);
  if ((found === null) !== (mapping === '/dev/null')) throw new Error(`${mapping}/mapping.node does not load`);
  return new Writer(folder, '', 0, found);
};
