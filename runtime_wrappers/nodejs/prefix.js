'use strict';

const { allocUnsafe, bufferFrom, byteLength, concat, indexOf, subarray } = require('./natives');

const EMPTY = allocUnsafe(0);
const HEAD_BYTES = 65536;

/** The first `limit` bytes of a body as it passes, and its whole size. take() returns each byte once. */
class Prefix {
  constructor(limit) {
    this.room = limit;
    this.size = 0;
    this.pieces = [];
  }

  /** `chunk` is a Buffer, a Uint8Array or text in `encoding`. It is copied: the user may change it afterwards. */
  feed(chunk, encoding) {
    if (typeof chunk === 'string') this.feedText(chunk, encoding);
    else this.feedBytes(chunk);
  }

  feedText(text, encoding) {
    const size = byteLength(text, encoding);
    this.size += size;
    if (this.room === 0 || size === 0) return;
    // A character is never less than half a byte (hex), so this holds enough of them.
    this.keep(bufferFrom(text.slice(0, this.room * 2), encoding));
  }

  feedBytes(bytes) {
    const size = bytes.byteLength;
    this.size += size;
    if (this.room === 0 || size === 0) return;
    const view = bufferFrom(bytes.buffer, bytes.byteOffset, Math.min(size, this.room));
    this.keep(bufferFrom(view));
  }

  keep(bytes) {
    const kept = bytes.length > this.room ? subarray(bytes, 0, this.room) : bytes;
    this.room -= kept.length;
    this.pieces.push(kept);
  }

  take() {
    const { pieces } = this;
    if (pieces.length === 0) return EMPTY;
    this.pieces = [];
    return pieces.length === 1 ? pieces[0] : concat(pieces);
  }
}

/** The same for HTTP/1 bytes as they cross the wire: `limit` is that of the body, the head has one of its own. */
class WirePrefix extends Prefix {
  constructor(limit) {
    super(HEAD_BYTES);
    this.limit = limit;
    this.inHead = true;
  }

  keep(bytes) {
    if (!this.inHead) {
      super.keep(bytes);
      return;
    }
    // The blank line may come in two pieces.
    const whole = this.pieces.length === 0 ? bytes : concat([...this.pieces, bytes]);
    const end = indexOf(whole, '\r\n\r\n', 0, 'latin1');
    this.pieces = [];
    this.inHead = end < 0;
    this.room = this.inHead ? HEAD_BYTES : end + 4 + this.limit;
    super.keep(whole);
  }
}

module.exports = { Prefix, WirePrefix };
