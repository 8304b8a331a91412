'use strict';
// Composes the frames of SPOOL_FORMAT.md. Opens nothing.

const HEADER_BYTES = 65536;
// Parts larger than this are not copied beside the header but written from where they are.
const COPIED_BYTES = 16384;

const { stringify } = JSON;

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
 * empty ones are left out.
 */
function frame(kind, time, requestId, tail, parts) {
  let names = '';
  let payloadSize = 0;
  for (const [name, bytes] of parts) {
    if (bytes.length === 0) continue;
    names += `${names && ','}["${name}",${bytes.length}]`;
    payloadSize += bytes.length;
  }
  const owner = requestId ? `,"request_id":${stringify(requestId)}` : '';
  const header = `{"kind":"${kind}","time":${time}${owner}${tail}${names && `,"parts":[${names}]`}}`;
  const headerSize = Buffer.byteLength(header);
  if (headerSize > HEADER_BYTES) return null;
  const copies = payloadSize <= COPIED_BYTES;
  const first = Buffer.allocUnsafe(8 + headerSize + (copies ? payloadSize : 0));
  first.writeUInt32LE(headerSize, 0);
  first.writeUInt32LE(payloadSize, 4);
  first.write(header, 8);
  const buffers = [first];
  let offset = 8 + headerSize;
  for (const [, bytes] of parts) {
    if (copies) offset += bytes.copy(first, offset);
    else if (bytes.length > 0) buffers.push(bytes);
  }
  return { buffers, size: 8 + headerSize + payloadSize };
}

module.exports = { fields, frame };
