'use strict';
// node operate.js WRAPPER MAPPING FOLDER: a Writer that does what the lines of stdin say, one JSON array each, and answers each
// with a line: ["begin", id], ["write", kind, bytes of its part] and so on.

const fs = require('fs');
const v8 = require('v8');
const vm = require('vm');
const { writerIn } = require('./writing');

const [wrapper, mapping, folder] = process.argv.slice(2);
const writer = writerIn(wrapper, mapping, folder);
let owner = writer.init;
let time = 0;

const actions = {
  begin(id) {
    owner = writer.beginInvocation(id);
  },
  write(kind, size = 0, tail = '') {
    time += 1;
    return writer.write(kind, String(time), owner, tail, [['event', Buffer.alloc(size, String(time))]]);
  },
  /** Its segment has committed so many bytes, and all are taken. */
  age(position) {
    Object.assign(writer.segment, { base: position, committed: position, shown: 64, introduction: null });
  },
  introduce(client) {
    writer.introduce({ client });
  },
  ring() {
    writer.ring();
  },
  /** Collects garbage; how many segments are mapped. */
  mappings() {
    v8.setFlagsFromString('--expose-gc');
    vm.runInNewContext('gc')();
    const maps = fs.readFileSync('/proc/self/maps', 'latin1');
    return maps.split('\n').filter((line) => line.includes('.segment')).length;
  },
};

let rest = '';
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const [name, ...words] = JSON.parse(line);
    console.log(JSON.stringify(actions[name](...words) ?? null));
  }
});
