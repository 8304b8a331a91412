'use strict';

const { allocUnsafe, bufferFrom, byteLength, concat, indexOf, subarray } = require('./natives');

const EMPTY = allocUnsafe(0);
const HEAD_BYTES = 65536;

/**
 * The first `limit` bytes of a body as it passes, and its whole size. take() returns each byte once, as a Buffer or as text
 * of which each character is one byte.
 */
class Prefix {
  constructor(limit) {
    this.room = limit;
    this.size = 0;
    this.kept = EMPTY;
    this.pieces = null; // where there are several
  }

  /** `chunk` is a Buffer, a Uint8Array or text in `encoding`. Bytes are copied: the user may change them afterwards. */
  feed(chunk, encoding) {
    if (typeof chunk === 'string') this.feedText(chunk, encoding);
    else this.feedBytes(chunk);
  }

  feedText(text, encoding) {
    const size = encoding === 'latin1' ? text.length : byteLength(text, encoding);
    this.size += size;
    if (this.room === 0 || size === 0) return;
    // A character is never less than half a byte (hex), so this holds enough of them.
    const isBytes = size === text.length && (encoding === 'latin1' || isUtf8(encoding));
    const first = text.length > this.room * 2 ? text.slice(0, this.room * 2) : text;
    this.keep(isBytes ? first : bufferFrom(first, encoding));
  }

  feedBytes(bytes) {
    const size = bytes.byteLength;
    this.size += size;
    if (this.room === 0 || size === 0) return;
    const view = bufferFrom(bytes.buffer, bytes.byteOffset, Math.min(size, this.room));
    this.keep(bufferFrom(view));
  }

  keep(content) {
    const kept = cut(content, this.room);
    this.room -= kept.length;
    if (this.kept.length === 0) this.kept = kept;
    else if (this.pieces === null) this.pieces = [this.kept, kept];
    else this.pieces.push(kept);
  }

  take() {
    const { kept, pieces } = this;
    this.kept = EMPTY;
    this.pieces = null;
    return pieces === null ? kept : joined(pieces);
  }
}

/** UTF-8 of as many bytes as characters is ASCII. */
function isUtf8(encoding) {
  return encoding === undefined || encoding === 'utf8' || encoding === 'utf-8';
}

function cut(content, room) {
  if (content.length <= room) return content;
  return typeof content === 'string' ? content.slice(0, room) : subarray(content, 0, room);
}

function joined(pieces) {
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  return concat(pieces.map((piece) => (typeof piece === 'string' ? bufferFrom(piece, 'latin1') : piece)));
}

/** The same for HTTP/1 bytes as they cross the wire: `limit` is that of the body, the head has one of its own. */
class WirePrefix extends Prefix {
  constructor(limit) {
    super(HEAD_BYTES);
    this.limit = limit;
    this.inHead = true;
  }

  keep(content) {
    if (!this.inHead) {
      super.keep(content);
      return;
    }
    // The blank line may come in two pieces.
    const whole = this.kept.length === 0 ? content : joined([this.take(), content]);
    const end = typeof whole === 'string' ? whole.indexOf('\r\n\r\n') : indexOf(whole, '\r\n\r\n', 0, 'latin1');
    this.inHead = end < 0;
    this.room = this.inHead ? HEAD_BYTES : end + 4 + this.limit;
    super.keep(whole);
  }
}

module.exports = { Prefix, WirePrefix };
