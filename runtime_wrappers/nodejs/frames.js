'use strict';
// Composes the frames of SPOOL_FORMAT.md. Opens nothing.

const { byteLength, stringify, writeUtf8 } = require('./natives');

const HEADER_BYTES = 65536;
const LENGTHS_BYTES = 8;
const ALIGNMENT = 8;
const MOST_BYTES_OF_CHARACTER = 3; // of UTF-8, for each unit of UTF-16
const NO_PARTS = [];

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
 * One frame; null when its header is too long. `time` is text, `owner` the field that names the invocation, `parts` are
 * [name, content] pairs, where content is a Buffer, or text of which each character is one byte; empty ones are left out.
 * `size` is nearly what it takes in a segment, `most` more than that.
 */
function frame(kind, time, owner, tail, parts = NO_PARTS) {
  let names = '';
  let payloadSize = 0;
  for (let at = 0; at < parts.length; at += 1) {
    const [name, content] = parts[at];
    if (content.length === 0) continue;
    names += `${names === '' ? '' : ','}["${name}",${content.length}]`;
    payloadSize += content.length;
  }
  const header = `{"kind":"${kind}","time":${time}${owner}${tail}${names === '' ? '' : `,"parts":[${names}]`}}`;
  const headerMost = header.length * MOST_BYTES_OF_CHARACTER;
  if (headerMost > HEADER_BYTES && byteLength(header) > HEADER_BYTES) return null;
  const size = LENGTHS_BYTES + header.length + payloadSize;
  return { header, parts, payloadSize, size, most: size + headerMost };
}

/**
 * Write the frame at this offset of `segment.bytes`, whose 32-bit words are `segment.words`, and its parts by
 * `segment.put(at, content)`. Returns the offset behind it.
 */
function compose({ header, parts, payloadSize }, segment, start) {
  const { bytes, words } = segment;
  const headerSize = writeUtf8(bytes, header, start + LENGTHS_BYTES);
  words[start >> 2] = headerSize; // little-endian, as every machine of Lambda is
  words[(start >> 2) + 1] = payloadSize;
  let end = start + LENGTHS_BYTES + headerSize;
  if (payloadSize > 0) {
    for (let at = 0; at < parts.length; at += 1) {
      const content = parts[at][1];
      if (content.length > 0) segment.put(end, content);
      end += content.length;
    }
  }
  while (end % ALIGNMENT !== 0) bytes[end++] = 0;
  return end;
}

module.exports = { compose, fields, frame };
