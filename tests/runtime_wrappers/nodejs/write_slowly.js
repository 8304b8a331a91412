'use strict';
// node write_slowly.js WRAPPER FOLDER WHERE MILLISECONDS: writes three frames, then two of a next invocation, on a disk on
// which WHERE (open, write, writev or close) takes so long, by a clock that only that moves. Prints what write() returned.

const fs = require('fs');
const path = require('path');

const [wrapper, folder, where, milliseconds] = process.argv.slice(2);

let now = 0; // milliseconds
process.hrtime = () => [Math.floor(now / 1000), (now % 1000) * 1e6];
Date.now = () => 1_700_000_000_000 + now;
let isSlow = true;
const name = `${where}Sync`;
const original = fs[name];
fs[name] = function slow() {
  if (isSlow) now += Number(milliseconds);
  return Reflect.apply(original, this, arguments);
};

const { Writer } = require(path.join(wrapper, 'spool.js'));
const writer = new Writer(folder, '', 0);
// More than is copied beside its header is written from where it is: by writev.
const parts = [['note', Buffer.alloc(where === 'writev' ? 20_000 : 10)]];
const first = writer.beginInvocation('first');
const written = ['1', '2', '3'].map((time) => writer.write('note', time, first, '', parts));
writer.seal();
isSlow = false;
const second = writer.beginInvocation('second');
written.push(writer.write('note', '4', second, '', parts), writer.write('invocation_end', '5', second));
writer.seal();
console.log(JSON.stringify(written));
