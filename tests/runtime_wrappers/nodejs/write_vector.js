'use strict';
// node write_vector.js WRAPPER VECTOR.json OUT.spool: the vector's frames, composed by the wrapper's own frames.js.

const fs = require('fs');
const path = require('path');

const [wrapper, vector, out] = process.argv.slice(2);
const { fields, frame } = require(path.join(wrapper, 'frames.js'));

const written = [];
for (const { header, parts } of JSON.parse(fs.readFileSync(vector, 'utf8'), keepTimes).frames) {
  const { kind, time, request_id: requestId, parts: _names, ...rest } = header;
  const buffers = parts.map(([name, bytes]) => [name, Buffer.from(bytes, 'base64')]);
  const framed = frame(kind, time, requestId || '', fields(rest), buffers);
  if (framed === null) throw new Error('the header is too long');
  written.push(...framed.buffers.map((bytes) => Buffer.from(bytes))); // the next frame is composed in their place
}
fs.writeFileSync(out, Buffer.concat(written));

/** Nanoseconds are more than a number holds: the writer takes them as text. */
function keepTimes(key, value, context) {
  return key === 'time' ? context.source : value;
}
