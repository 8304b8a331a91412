'use strict';
// node write_vector.js WRAPPER MAPPING VECTOR.json OUT.segment: the vector's frames, as the wrapper writes them.

const fs = require('fs');
const path = require('path');

const [wrapper, mapping, vector, out] = process.argv.slice(2);
const { fields, frame } = require(path.join(wrapper, 'frames.js'));
const { loadMapping } = require(path.join(wrapper, 'mapping.js'));
const { makeSegment, sizeFor } = require(path.join(wrapper, 'segment_files.js'));

const frames = JSON.parse(fs.readFileSync(vector, 'utf8'), keepTimes).frames.map(({ header, parts }) => {
  const { kind, time, request_id: requestId, parts: _names, ...rest } = header;
  const owner = requestId ? fields({ request_id: requestId }) : '';
  const framed = frame(kind, time, owner, fields(rest), parts.map(([name, bytes]) => [name, Buffer.from(bytes, 'base64')]));
  if (framed === null) throw new Error('the header is too long');
  return framed;
});
const segment = makeSegment(out, sizeFor(0), loadMapping(mapping));
for (const one of frames) {
  const error = segment.write([one]);
  if (error !== null) throw new Error(error);
}

/** Nanoseconds are more than a number holds: the writer takes them as text. */
function keepTimes(key, value, context) {
  return key === 'time' ? context.source : value;
}
