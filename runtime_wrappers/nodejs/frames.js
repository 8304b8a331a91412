'use strict';
// Composes the frames of SPOOL_FORMAT.md. Opens nothing.
//
// They are composed in one buffer that is used again and again: a frame must be written before the next one is begun.

const { allocUnsafe, allocUnsafeSlow, setBytes, stringify, subarray, writeText } = require('./natives');

const HEADER_BYTES = 65536;
const SCRATCH_BYTES = 32768;
// Parts larger than this are not copied beside the header but written from where they are.
const COPIED_BYTES = 16384;
const MOST_BYTES_OF_CHARACTER = 3; // of UTF-8, for each unit of UTF-16

const scratch = allocUnsafeSlow(SCRATCH_BYTES);

/** `,"name":value` for each value that is not undefined or null: the tail of a header. */
function fields(values) {
  let text = '';
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value !== undefined && value !== null) text += `,"${name}":${stringify(value)}`;
  }
  return text;
}

/**
 * One frame as {buffers, size}; null when its header is too long. `time` is text, `parts` are [name, Buffer] pairs;
 * empty ones are left out. It is composed in the shared buffer behind those `used` bytes that are still to be written.
 */
function frame(kind, time, requestId, tail, parts, used = 0) {
  let names = '';
  let payloadSize = 0;
  for (const [name, bytes] of parts) {
    if (bytes.length === 0) continue;
    names += `${names && ','}["${name}",${bytes.length}]`;
    payloadSize += bytes.length;
  }
  const owner = requestId ? `,"request_id":${stringify(requestId)}` : '';
  const header = `{"kind":"${kind}","time":${time}${owner}${tail}${names && `,"parts":[${names}]`}}`;
  const copies = payloadSize <= COPIED_BYTES;
  const most = 8 + header.length * MOST_BYTES_OF_CHARACTER + (copies ? payloadSize : 0);
  const target = used + most <= SCRATCH_BYTES ? scratch : allocUnsafe(most);
  const start = target === scratch ? used : 0;
  const headerSize = writeText(target, header, start + 8);
  if (headerSize > HEADER_BYTES) return null;
  writeLength(target, headerSize, start);
  writeLength(target, payloadSize, start + 4);
  let end = start + 8 + headerSize;
  const large = [];
  for (const [, bytes] of parts) {
    if (bytes.length === 0) continue;
    if (copies) setBytes(target, bytes, end);
    else large.push(bytes);
    if (copies) end += bytes.length;
  }
  return { buffers: [subarray(target, start, end), ...large], size: 8 + headerSize + payloadSize };
}

/** Little-endian, 32 bits. */
function writeLength(target, length, at) {
  target[at] = length;
  target[at + 1] = length >>> 8;
  target[at + 2] = length >>> 16;
  target[at + 3] = length >>> 24;
}

/** Two frames, or what was joined before, as one. */
function joined(first, second) {
  const size = first.size + second.size;
  const [one] = first.buffers;
  const [other, ...rest] = second.buffers;
  const areNeighbours = first.buffers.length === 1 && one.buffer === scratch.buffer && other.buffer === scratch.buffer;
  if (areNeighbours && one.byteOffset + one.length === other.byteOffset) {
    return { buffers: [subarray(scratch, one.byteOffset, other.byteOffset + other.length), ...rest], size };
  }
  return { buffers: [...first.buffers, ...second.buffers], size };
}

module.exports = { fields, frame, joined };
