'use strict';
// node lose_frames.js WRAPPER MAPPING FOLDER frames|bytes: more frames than an invocation may have, or larger ones, and its
// end; then one frame of the next invocation.

const { writerIn } = require('./writing');

const [wrapper, mapping, folder, bound] = process.argv.slice(2);

const writer = writerIn(wrapper, mapping, folder);
const [count, size] = bound === 'frames' ? [10_005, 10] : [12, 1_000_000];
const parts = [['event', Buffer.alloc(size)]];
const first = writer.beginInvocation('first');
for (let time = 0; time < count; time += 1) writer.write('note', String(time), first, '', parts);
writer.write('call_end', '0', first, '', parts);
writer.write('note', '0', writer.beginInvocation('second'), '', parts);
