'use strict';
// node lose_frames.js WRAPPER FOLDER frames|bytes: more frames than an invocation may have, or larger ones, and its end; then
// one frame of the next invocation.

const path = require('path');

const [wrapper, folder, bound] = process.argv.slice(2);
const { Writer } = require(path.join(wrapper, 'spool.js'));

const writer = new Writer(folder, '', 0);
const [count, size] = bound === 'frames' ? [10_005, 10] : [12, 1_000_000];
const parts = [['event', Buffer.alloc(size)]];
const first = writer.beginInvocation('first');
for (let time = 0; time < count; time += 1) writer.write('note', String(time), first, '', parts);
writer.write('call_end', '0', first, '', parts);
writer.write('note', '0', writer.beginInvocation('second'), '', parts);
writer.seal();
