'use strict';

const EMPTY = Buffer.alloc(0);

/** The first `limit` bytes of a body as it passes, and its whole size. What is taken once is not given again. */
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
    const size = Buffer.byteLength(text, encoding);
    this.size += size;
    if (this.room === 0 || size === 0) return;
    // A character is never less than half a byte (hex), so this holds enough of them.
    this.keep(Buffer.from(text.slice(0, this.room * 2), encoding));
  }

  feedBytes(bytes) {
    const size = bytes.byteLength;
    this.size += size;
    if (this.room === 0 || size === 0) return;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(size, this.room));
    this.keep(Buffer.from(view));
  }

  keep(bytes) {
    const kept = bytes.length > this.room ? bytes.subarray(0, this.room) : bytes;
    this.room -= kept.length;
    this.pieces.push(kept);
  }

  take() {
    const { pieces } = this;
    if (pieces.length === 0) return EMPTY;
    this.pieces = [];
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }
}

module.exports = { Prefix };
