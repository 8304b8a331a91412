'use strict';
// The writing side of SPOOL_FORMAT.md: frames are appended to segments; nothing here waits or keeps a descriptor.
// One thread writes: Workers are not watched, and where Lambda runs functions in Workers each has a Writer of its own.

const { closeSync, constants, fchmodSync, openSync, readdirSync, renameSync, statSync, writeSync, writevSync } = require('fs');
const { microseconds, monotonic, nanoseconds } = require('./clock');
const { fields, frame, joined } = require('./frames');
const { isOursAlone } = require('./spool_folder');

const FORMAT = 1;
const MODE = 0o600;
const SEGMENT_BYTES = 8 << 20;
const UNREAD_BYTES = 64 << 20;
const INVOCATION_FRAMES = 10_000;
const INVOCATION_BYTES = 8 << 20;
const ATTEMPTS = 3; // segments that may fail in a row before the writer waits for the next invocation
// Microseconds. One write that takes longer may be a busy machine's doing; what such writes may take of an invocation is
// bounded, since the function waits for each.
const SLOW = 100_000;
const BEARABLE = 250_000;
// So few segments cannot hold more than UNREAD_BYTES: each is given up past SEGMENT_BYTES.
const FEW_SEGMENTS = 6;

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW; // libuv adds O_CLOEXEC
const CREATE = APPEND | constants.O_CREAT | constants.O_EXCL;

// Written whatever the invocation's caps say, though without parts. They also carry the drops that are due.
const CLOSING = new Set(['call_end', 'invocation_end']);
const CARRY_DROPS = new Set(['call_end', 'invocation_end', 'invocation_start']);

/** What counts against one invocation's bounds. `id` is empty in the init phase. */
class Owner {
  constructor(id) {
    this.id = id;
    this.frames = 0;
    this.bytes = 0;
  }
}

/** The segments of this process (of this thread). `folder` is where the launcher made the spool. */
class Writer {
  constructor(folder, versions, thread) {
    this.folder = folder;
    this.versions = versions;
    this.client = undefined;
    this.notWatched = 'no known runtime client was loaded';
    this.init = new Owner('');
    this.start = `${microseconds()}${String(thread % 1000).padStart(3, '0')}`; // no two threads have the same
    this.pid = process.pid;
    this.number = 0;
    this.path = null;
    this.size = 0;
    this.off = null;
    this.failures = 0;
    this.waited = 0; // in slow writes of this invocation
    this.forgetLosses();
  }

  /** A new invocation: a folder that was gone is looked for again. */
  beginInvocation(id) {
    this.off = null;
    this.failures = 0;
    this.waited = 0;
    return new Owner(id);
  }

  /** Append one frame of `owner`. True when it is on disk; what is lost is counted by its reason. */
  write(kind, time, owner, tail = '', parts = []) {
    if (owner.frames >= INVOCATION_FRAMES || owner.bytes >= INVOCATION_BYTES) {
      if (!CLOSING.has(kind)) return this.lose('invocation_cap', parts.reduce((sum, part) => sum + part[1].length, 0));
      parts = [];
    }
    const framed = frame(kind, time, owner.id, tail, parts);
    if (framed === null) return this.lose('header_too_long', 0);
    return this.send(framed, 1, owner, CARRY_DROPS.has(kind));
  }

  /** Append `call_response` and `call_end`, of a call of which nothing can wait between them, at once. */
  writeWhole(time, owner, response, end, parts) {
    const first = frame('call_response', time, owner.id, response, parts);
    const last = first === null ? null : frame('call_end', time, owner.id, end, [], first.size);
    const isOver = owner.frames + 1 >= INVOCATION_FRAMES || owner.bytes >= INVOCATION_BYTES;
    if (last !== null && !isOver) return this.send(joined(first, last), 2, owner, true);
    this.write('call_response', time, owner, response, parts);
    return this.write('call_end', time, owner, end);
  }

  /** `carriesDrops`: what was lost before is told along with these frames. */
  send(framed, count, owner, carriesDrops) {
    owner.frames += count;
    owner.bytes += framed.size;
    if (this.off) return this.lose(this.off, framed.size, count);
    const reason = this.hasLosses && carriesDrops ? this.appendWithDrops(framed, owner) : this.append(framed);
    return reason === null || this.lose(reason, framed.size, count);
  }

  appendWithDrops(framed, owner) {
    const { lost, lostBytes, faults } = this;
    const tail = fields({ frames: lost, bytes: lostBytes, faults });
    const drops = frame('drops', nanoseconds(), owner.id, tail, [], framed.size);
    if (drops === null) return this.append(framed);
    const reason = this.append(joined(drops, framed));
    if (reason === null) this.forgetLosses();
    return reason;
  }

  /** null when written, else the reason why not. */
  append(framed) {
    if (this.path === null || this.size > SEGMENT_BYTES) return this.beginSegment(framed);
    const error = this.timed(this.path, APPEND, framed);
    if (error === null) {
      this.size += framed.size;
      return null;
    }
    this.path = null;
    return error === 'ENOENT' ? this.beginSegment(framed) : this.failed(error);
  }

  /** append(), and no other until the next invocation where the disk is so slow that the function would notice. */
  timed(path, flags, framed) {
    const start = monotonic();
    const error = append(path, flags, framed);
    const took = monotonic() - start;
    if (took > SLOW) this.waited += took;
    if (this.waited > BEARABLE) this.off = 'slow';
    return error;
  }

  beginSegment(framed) {
    const unread = folderSize(this.folder);
    if (unread < 0 || unread > UNREAD_BYTES) {
      this.off = unread < 0 ? 'off' : 'unread_cap';
      return this.off;
    }
    const process_ = this.processFrame(framed.size);
    const both = joined(process_, framed);
    for (let attempt = 0; attempt < 1000; attempt += 1) {
      this.number += 1;
      const path = `${this.folder}/${this.pid}-${this.start}-${this.number}.open`;
      const error = this.timed(path, CREATE, both);
      if (error === null) {
        this.path = path;
        this.size = both.size;
        this.failures = 0;
        return null;
      }
      if (error === 'ENOENT') {
        this.off = 'off';
        return 'off';
      }
      if (error !== 'EEXIST') return this.failed(error);
    }
    return this.failed('EEXIST');
  }

  /** A short write or an error, for instance a full disk: not again and again within one invocation. */
  failed(error) {
    const reason = error === 'short_write' ? error : 'write';
    this.failures += 1;
    if (this.failures >= ATTEMPTS) this.off = reason;
    return reason;
  }

  processFrame(used) {
    const tail =
      `,"format":${FORMAT},"pid":${this.pid},"start":${this.start}` +
      fields({ client: this.client, not_watched: this.client ? undefined : this.notWatched }) +
      this.versions;
    return frame('process', this.start, '', tail, [], used);
  }

  /** Rename the segment to .ready: the bell. */
  seal() {
    const { path } = this;
    this.path = null;
    if (path === null) return;
    try {
      renameSync(path, `${path.slice(0, -4)}ready`);
    } catch {
      // It was taken or deleted: there is nothing to ring for.
    }
  }

  lose(reason, size, count = 1) {
    this.lost[reason] = (this.lost[reason] || 0) + count;
    this.lostBytes += size;
    this.hasLosses = true;
    return false;
  }

  countFault(name) {
    this.faults[name] = (this.faults[name] || 0) + 1;
    this.hasLosses = true;
  }

  forgetLosses() {
    this.lost = {};
    this.lostBytes = 0;
    this.faults = {};
    this.hasLosses = false;
  }
}

/** Open, one gathered write, close. null, an error code (ENOENT...) or `short_write`. */
function append(path, flags, { buffers, size }) {
  let descriptor;
  try {
    descriptor = openSync(path, flags, MODE);
  } catch (error) {
    return error.code || 'open';
  }
  try {
    if (flags === CREATE) makeReadable(descriptor);
    const written =
      buffers.length === 1 ? writeSync(descriptor, buffers[0], 0, size) : writevSync(descriptor, buffers);
    return written === size ? null : 'short_write';
  } catch (error) {
    return error.code || 'write';
  } finally {
    closeSync(descriptor);
  }
}

/** Whatever the umask took from the mode. The permission model of Node.js has no fchmod: there the umask holds. */
function makeReadable(descriptor) {
  try {
    fchmodSync(descriptor, MODE);
  } catch {
    // The next open says whether it matters.
  }
}

/** Bytes in the folder, where it may be too much; -1 when it is none, or one that nobody reads. */
function folderSize(folder) {
  if (!isOursAlone(folder)) return -1;
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return -1;
  }
  if (names.length <= FEW_SEGMENTS) return 0;
  let size = 0;
  for (const name of names) {
    try {
      size += statSync(`${folder}/${name}`).size;
    } catch {
      // Read and deleted in this moment.
    }
  }
  return size;
}

module.exports = { Writer };
