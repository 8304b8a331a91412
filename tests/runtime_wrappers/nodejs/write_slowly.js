'use strict';
// node write_slowly.js WRAPPER MAPPING FOLDER WHERE MILLISECONDS: writes three frames, then two of a next invocation, on a disk
// on which WHERE takes so long, by a clock that only that moves: a function of fs (`open` is openSync) or `store`, a store
// into the mapping. Prints what write() returned.

const fs = require('fs');
const { writerIn } = require('./writing');

const [wrapper, mapping, folder, where, milliseconds] = process.argv.slice(2);

let now = 0; // milliseconds
process.hrtime = () => [Math.floor(now / 1000), (now % 1000) * 1e6];
Date.now = () => 1_700_000_000_000 + now;
let isSlow = true;
const [owner, name] = where === 'store' ? [Atomics, 'store'] : [fs, `${where}Sync`];
const original = owner[name];
owner[name] = function slow() {
  if (isSlow) now += Number(milliseconds);
  return Reflect.apply(original, this, arguments);
};

const writer = writerIn(wrapper, mapping, folder);
const parts = [['note', Buffer.alloc(10)]];
const first = writer.beginInvocation('first');
const written = ['1', '2', '3'].map((time) => writer.write('note', time, first, '', parts));
isSlow = false;
const second = writer.beginInvocation('second');
written.push(writer.write('note', '4', second, '', parts), writer.write('invocation_end', '5', second));
console.log(JSON.stringify(written));
