'use strict';
// Whether the whole response came in one piece from the wire. Then the call cannot wait for anything more, and its end is
// written at once, whatever the user's code does with the response (SPOOL_FORMAT.md, `call_end`).

const { indexOf, latin1Of } = require('../natives');
const { chunkedSize } = require('./http1');

const LARGEST = 65536; // no piece that Node reads is larger
const START_BYTES = 12; // `HTTP/1.1 200`

/**
 * {bodyAt, size}: where in `piece`, the bytes of the wire, the body begins, and its size without framing. null where it is
 * not exactly one HTTP/1 response of this status with its body. `framing` is what framingOf says of its header fields, 0
 * where the request or the status forbids a body.
 */
function wholeResponse(piece, status, framing) {
  if (!isStartOf(piece, status)) return null;
  const blank = indexOf(piece, '\r\n\r\n', 0, 'latin1');
  if (blank < 0) return null;
  const bodyAt = blank + 4;
  if (framing === CHUNKED) {
    const size = chunkedSize(piece, bodyAt);
    return size < 0 ? null : { bodyAt, size };
  }
  return piece.length - bodyAt === framing ? { bodyAt, size: framing } : null;
}

/** `HTTP/1.1 200`, and not the rest of a response before it or an informational one. */
function isStartOf(piece, status) {
  const text = latin1Of(piece, 0, START_BYTES);
  return text.startsWith('HTTP/1.') && text.endsWith(` ${status}`);
}

const CHUNKED = -1;
const UNKNOWN = -2;

/** The body's size as announced, CHUNKED or UNKNOWN. `fields` are header fields, [name, value, ...] as text or Buffers. */
function framingOf(fields) {
  let found = UNKNOWN;
  for (let at = 0; at < fields.length; at += 2) {
    const { length } = fields[at];
    if (length !== 14 && length !== 17) continue;
    const name = String(fields[at]).toLowerCase();
    const isLength = name === 'content-length';
    if (!isLength && name !== 'transfer-encoding') continue;
    const value = String(fields[at + 1]);
    if (found !== UNKNOWN) return UNKNOWN;
    if (isLength ? !/^[0-9]{1,9}$/.test(value) : value.toLowerCase() !== 'chunked') return UNKNOWN;
    found = isLength ? Number(value) : CHUNKED;
  }
  return found;
}

/** Whether a piece may hold the whole response: if not, it need not be copied. */
function mayBeWhole(framing) {
  return framing === CHUNKED || (framing >= 0 && framing < LARGEST);
}

module.exports = { framingOf, mayBeWhole, wholeResponse };
