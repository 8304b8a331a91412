'use strict';
// node write_until_killed.js WRAPPER MAPPING FOLDER: frames without end, each with a part that its number tells.

const { writerIn } = require('./writing');

const [wrapper, mapping, folder] = process.argv.slice(2);
const writer = writerIn(wrapper, mapping, folder);
const SIZES = [0, 10, 300, 5000, 17_000];
let number = 0;

function part() {
  number += 1;
  return [['event', Buffer.alloc(SIZES[number % SIZES.length], String(number))]];
}

process.stdout.write('writing\n');
for (let invocation = 1; ; invocation += 1) {
  const owner = writer.beginInvocation(`r-${invocation}`);
  writer.write('invocation_start', String(number), owner); // tells what was lost before
  for (let call = 0; call < 20; call += 1) {
    const parts = part();
    writer.write('call_start', String(number), owner, '', parts);
  }
  const parts = part();
  writer.writeWhole(String(number), owner, '', '', parts);
  writer.ring();
}
