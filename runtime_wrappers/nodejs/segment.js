'use strict';
// One segment of SPOOL_FORMAT.md as its writer sees it: a head of 64 bytes, frames behind it. Two ways to write the same
// layout: stores into a mapping, and plain writes. No descriptor is held by either.

const { allocUnsafeSlow, bufferFrom, closeSync, constants, existsSync, openSync, readSync, setBytes } = require('./natives');
const { writeLatin1, writeSync } = require('./natives');
const { compose } = require('./frames');

const HEAD_BYTES = 64;
// Words of the head, each of 4 bytes: the writer's, and those of the reader's that a writer looks at.
const COMMITTED = 2;
const BASE = 3;
const CLOSED = 4;
const TAKEN = 8;
const OFF = 11;

const DONE_WITH = 1; // values of `closed`
const UNUSABLE = 2;

const NOT_OPENED = 'open'; // why a write failed
const NOT_WRITTEN = 'write';
const SHORT_WRITE = 'short_write';

// To store into pages that were never touched costs eight times what a write does.
const LARGE = 16384;
const SCRATCH_BYTES = 32768;

const WRITE = constants.O_WRONLY | constants.O_NOFOLLOW; // libuv adds O_CLOEXEC
const READ = constants.O_RDONLY | constants.O_NOFOLLOW;

class Segment {
  constructor(path, size) {
    this.path = path;
    this.size = size;
    this.base = 0; // the position at offset 64
    this.committed = 0;
    this.shown = HEAD_BYTES; // the offset up to which frames are committed
    this.introduction = null; // the `process` frame that holds for what comes next
    this.error = null; // why a part could not be written
  }

  /** Whether frames that may take this many bytes fit behind what is committed. */
  fits(most) {
    return this.shown + most <= this.size;
  }

  /** Whether the reader has done with everything. */
  mayBeginAgain() {
    return this.committed !== this.base && Atomics.load(this.head, TAKEN) === (this.committed | 0);
  }

  beginAgain() {
    this.base = this.committed;
    this.store(BASE, this.base);
    this.shown = HEAD_BYTES;
    this.introduction = null;
  }

  isOff() {
    return Atomics.load(this.head, OFF) !== 0;
  }

  /** The writer will not touch it again. */
  close(how) {
    this.store(CLOSED, how);
  }
}

/** `memory` is an ArrayBuffer over the whole file. */
class MappedSegment extends Segment {
  constructor(path, size, memory) {
    super(path, size);
    this.bytes = bufferFrom(memory);
    this.words = new Int32Array(memory);
    this.head = this.words;
  }

  /** Whether it still has its name: else nobody may read it, nor say so. */
  isThere() {
    return existsSync(this.path);
  }

  /** Compose these frames and commit them together. null when they are written, else why not. */
  write(frames) {
    let end = this.shown;
    for (let at = 0; at < frames.length; at += 1) end = compose(frames[at], this, end);
    if (this.error !== null) return this.error;
    this.committed = (this.committed + end - this.shown) >>> 0;
    this.shown = end;
    Atomics.store(this.words, COMMITTED, this.committed | 0); // what was stored before is seen by whoever sees this
    return null;
  }

  put(at, content) {
    if (content.length > LARGE) this.putLarge(at, typeof content === 'string' ? bufferFrom(content, 'latin1') : content);
    else if (typeof content === 'string') writeLatin1(this.bytes, content, at);
    else setBytes(this.bytes, content, at);
  }

  putLarge(at, content) {
    const error = writeAt(this.path, [[content, content.length, at]]);
    if (error === NOT_OPENED) setBytes(this.bytes, content, at); // its name is gone, the mapping is not
    else if (error !== null) this.error = error;
  }

  store(word, value) {
    Atomics.store(this.words, word, value | 0);
  }
}

/** Opens the file for each write. Frames are composed in memory of its own. */
class PlainSegment extends Segment {
  constructor(path, size) {
    super(path, size);
    this.head = new Int32Array(HEAD_BYTES / 4); // as it was read last
    this.useBytes(allocUnsafeSlow(SCRATCH_BYTES));
  }

  useBytes(bytes) {
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer);
  }

  /** The same; and has the reader's words at hand. */
  isThere() {
    try {
      const descriptor = openSync(this.path, READ);
      try {
        return readSync(descriptor, bufferFrom(this.head.buffer), 0, HEAD_BYTES, 0) === HEAD_BYTES;
      } finally {
        closeSync(descriptor);
      }
    } catch {
      return false;
    }
  }

  write(frames) {
    this.makeRoom(frames);
    let end = 0;
    for (let at = 0; at < frames.length; at += 1) end = compose(frames[at], this, end);
    const committed = (this.committed + end) >>> 0;
    const error = writeAt(this.path, [[this.bytes, end, this.shown], wordAt(COMMITTED, committed)]);
    if (error !== null) return error;
    this.committed = committed;
    this.shown += end;
    return null;
  }

  makeRoom(frames) {
    let most = 0;
    for (let at = 0; at < frames.length; at += 1) most += frames[at].most;
    if (most > this.bytes.length) this.useBytes(allocUnsafeSlow(Math.ceil(most / SCRATCH_BYTES) * SCRATCH_BYTES));
  }

  put(at, content) {
    if (typeof content === 'string') writeLatin1(this.bytes, content, at);
    else setBytes(this.bytes, content, at);
  }

  store(word, value) {
    writeAt(this.path, [wordAt(word, value)]); // if it fails, so does what comes next
  }
}

function wordAt(word, value) {
  return [bufferFrom(new Uint32Array([value]).buffer), 4, word * 4];
}

/** Open, write each [bytes, size, offset] in turn, close. null, or why it failed. */
function writeAt(path, writes) {
  let descriptor;
  try {
    descriptor = openSync(path, WRITE);
  } catch {
    return NOT_OPENED;
  }
  try {
    for (const [bytes, size, offset] of writes) {
      if (writeSync(descriptor, bytes, 0, size, offset) !== size) return SHORT_WRITE;
    }
    return null;
  } catch {
    return NOT_WRITTEN;
  } finally {
    closeSync(descriptor);
  }
}

module.exports = { DONE_WITH, HEAD_BYTES, MappedSegment, PlainSegment, UNUSABLE };
