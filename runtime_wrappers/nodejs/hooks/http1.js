'use strict';
// HTTP/1 as text: heads, and the chunked framing of bodies.

const { bufferFrom, indexOf, toText } = require('../natives');

const HEAD_BYTES = 65536;
const CHUNK_SIZE = /^([0-9a-f]{1,8}) *(?:;[^\r]*)?$/i;
const LAST_CHUNK = /^0+(?:;[^\r]*)?\r\n(?:[^\r\n]+\r\n)*\r\n$/;
const CRLF_BYTES = 2;

/** A head of this start line and these fields, cut. `fields` are as fieldsOf returns them. */
function headOf(line, fields) {
  let text = `${line}\r\n`;
  for (let at = 0; at < fields.length; at += 2) {
    const name = latin1(fields[at]);
    if (!name.startsWith(':')) text += `${name}: ${latin1(fields[at + 1])}\r\n`;
  }
  return headFrom(text);
}

/** A head from its text, which ends with its last field. */
function headFrom(text) {
  return bufferFrom(`${text.slice(0, HEAD_BYTES)}\r\n`, 'latin1');
}

/** [name, value, ...], as text or Buffers, of such a list or of an object, whose values may be arrays. */
function fieldsOf(headers) {
  if (Array.isArray(headers)) return headers;
  return Object.entries(headers || {}).flatMap(([name, value]) => [].concat(value).flatMap((one) => [name, one]));
}

function latin1(value) {
  return typeof value === 'object' && value !== null ? toText(bufferFrom(value), 'latin1') : String(value);
}

/** Tells a body from its chunked framing, in pieces as Node sends them: a size, CRLF, the chunk in one or more, CRLF. */
class ChunkFraming {
  constructor() {
    this.left = 0; // bytes of the present chunk, its two CRLFs included
    this.isOpening = false; // the first of them comes next
  }

  /** Whether a piece of `size` bytes belongs to the body. */
  isBody(piece, size) {
    if (this.left === 0) {
      const chunk = typeof piece === 'string' && /^[0-9a-f]+$/.test(piece) ? parseInt(piece, 16) : 0;
      this.isOpening = chunk > 0;
      this.left = chunk > 0 ? chunk + 2 * CRLF_BYTES : 0;
      return false;
    }
    const isCrlf = this.isOpening || this.left === CRLF_BYTES;
    this.isOpening = false;
    this.left = Math.max(0, this.left - size);
    return !isCrlf;
  }
}

/** Bytes of the body whose chunked framing ends where `piece` ends; -1 where it does not. */
function chunkedSize(piece, from) {
  let size = 0;
  let at = from;
  while (at < piece.length) {
    const end = indexOf(piece, '\r\n', at, 'latin1');
    if (end < 0) return -1;
    const [, digits] = CHUNK_SIZE.exec(toText(piece, 'latin1', at, end)) || [];
    if (digits === undefined) return -1;
    const chunk = parseInt(digits, 16);
    if (chunk === 0) return LAST_CHUNK.test(toText(piece, 'latin1', at)) ? size : -1;
    size += chunk;
    at = end + CRLF_BYTES + chunk + CRLF_BYTES;
  }
  return -1;
}

module.exports = { ChunkFraming, HEAD_BYTES, chunkedSize, fieldsOf, headFrom, headOf };
