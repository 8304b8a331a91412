'use strict';
// The writing side of SPOOL_FORMAT.md: what an invocation may write, what is lost, and which segment takes the next frame.
// One thread writes: Workers are not watched, and where Lambda runs functions in Workers each has a Writer of its own.
// Node.js never goes on in a forked process, so nothing looks for one.

const { microseconds, milliseconds, nanoseconds } = require('./clock');
const { fields, frame } = require('./frames');
const { closeSync, constants, openSync, readdirSync, statSync, stringify } = require('./natives');
const { DONE_WITH, UNUSABLE } = require('./segment');
const { makeSegment, sizeFor, takeSpare } = require('./segment_files');
const { isOursAlone } = require('./spool_folder');

const FORMAT = 2;
const UNREAD_BYTES = 64 << 20;
const LOOK_BYTES = 1 << 20; // after so many the folder's size is looked at again
const INVOCATION_FRAMES = 10_000;
const INVOCATION_BYTES = 8 << 20;
const NAMES = 1000; // of segments that are there already, before the writer gives up
// Milliseconds. One write that takes longer may be a busy machine's doing; what such writes may take of an invocation is
// bounded, since the function waits for each.
const SLOW = 100;
const BEARABLE = 250;

const RING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW; // libuv adds O_CLOEXEC

// Written whatever the invocation's caps say, though without parts. They also carry the drops that are due.
const CLOSING = new Set(['call_end', 'invocation_end']);
const CARRY_DROPS = new Set(['call_end', 'invocation_end', 'invocation_start']);

/** What counts against one invocation's bounds. `id` is empty in the init phase. */
class Owner {
  constructor(id) {
    this.field = id === '' ? '' : `,"request_id":${stringify(id)}`;
    this.frames = 0;
    this.bytes = 0;
  }
}

/** The segments of this process (of this thread). `folder` is where the launcher made the spool, `mapping` the add-on. */
class Writer {
  constructor(folder, versions, thread, mapping) {
    this.folder = folder;
    this.mapping = mapping;
    this.versions = versions;
    this.init = new Owner('');
    this.start = `${microseconds()}${String(thread % 1000).padStart(3, '0')}`; // no two threads have the same
    this.pid = process.pid;
    this.number = 0;
    this.segment = null;
    this.isBellGone = false;
    this.off = null; // why nothing is written until the next invocation
    this.waited = 0; // in slow writes of this invocation
    this.unlooked = LOOK_BYTES; // bytes written since the folder's size was looked at: the first segment asks for a look
    this.forgetLosses();
    this.introduce({ not_watched: 'no known runtime client was loaded' });
  }

  /** Tell more of this process from the next frame on. */
  introduce(more) {
    const tail = `,"format":${FORMAT},"pid":${this.pid},"start":${this.start}${fields(more)}${this.versions}`;
    this.introduction = frame('process', this.start, '', tail);
  }

  /** A new invocation: what stopped the last one is looked at anew, and the segment begins again if it is read. */
  beginInvocation(id) {
    this.off = null;
    this.waited = 0;
    if (this.segment !== null) this.refresh(this.segment);
    this.isBellGone = false;
    return new Owner(id);
  }

  refresh(segment) {
    if (!segment.isThere() || this.isBellGone || segment.isOff()) this.leave(DONE_WITH);
    else if (segment.mayBeginAgain()) segment.beginAgain();
  }

  leave(how) {
    this.segment.close(how);
    this.segment = null;
  }

  /** Write one frame of `owner`. True when it is committed; what is lost is counted by its reason. */
  write(kind, time, owner, tail = '', parts = undefined) {
    if (owner.frames >= INVOCATION_FRAMES || owner.bytes >= INVOCATION_BYTES) {
      if (!CLOSING.has(kind)) return this.lose('invocation_cap', sizeOf(parts));
      parts = undefined;
    }
    const framed = frame(kind, time, owner.field, tail, parts);
    if (framed === null) return this.lose('header_too_long', 0);
    return this.send([framed], owner, CARRY_DROPS.has(kind));
  }

  /** Write `call_response` and `call_end`, of a call of which nothing can wait between them, at once. */
  writeWhole(time, owner, response, end, parts) {
    const isOver = owner.frames + 1 >= INVOCATION_FRAMES || owner.bytes >= INVOCATION_BYTES;
    const first = isOver ? null : frame('call_response', time, owner.field, response, parts);
    if (first !== null) return this.send([first, frame('call_end', time, owner.field, end)], owner, true);
    this.write('call_response', time, owner, response, parts);
    return this.write('call_end', time, owner, end);
  }

  /** `carriesDrops`: what was lost before is told along with these frames. */
  send(frames, owner, carriesDrops) {
    let size = 0;
    for (let at = 0; at < frames.length; at += 1) size += frames[at].size;
    owner.frames += frames.length;
    owner.bytes += size;
    this.unlooked += size;
    if (this.off !== null) return this.lose(this.off, size, frames.length);
    if (carriesDrops && this.hasLosses) return this.sendWithDrops(frames, owner, size);
    const reason = this.timed(frames);
    return reason === null || this.lose(reason, size, frames.length);
  }

  sendWithDrops(frames, owner, size) {
    const drops = this.dropsFrame(owner);
    const reason = this.timed(drops === null ? frames : [drops, ...frames]);
    if (reason !== null) return this.lose(reason, size, frames.length);
    if (drops !== null) this.forgetLosses();
    return true;
  }

  dropsFrame(owner) {
    const { lost, lostBytes, faults } = this;
    return frame('drops', nanoseconds(), owner.field, fields({ frames: lost, bytes: lostBytes, faults }));
  }

  /** put(), and no other until the next invocation where the disk is so slow that the function would notice. */
  timed(frames) {
    const start = milliseconds();
    const reason = this.put(frames);
    const took = milliseconds() - start;
    if (took > SLOW) this.waited += took;
    if (this.waited > BEARABLE) this.off = 'slow';
    return reason;
  }

  /** null when written, else the reason why not. */
  put(frames) {
    let most = this.introduction.most;
    for (let at = 0; at < frames.length; at += 1) most += frames[at].most;
    if (this.segment === null || !this.segment.fits(most)) {
      const reason = this.makeRoom(most);
      if (reason !== null) return reason;
    }
    const error = this.introduced(frames);
    return error === null ? null : this.failed(error);
  }

  introduced(frames) {
    const { introduction, segment } = this;
    if (segment.introduction === introduction) return segment.write(frames);
    const error = segment.write([introduction, ...frames]);
    if (error === null) segment.introduction = introduction;
    return error;
  }

  /** A segment that failed is left, and the next frame begins another one. */
  failed(error) {
    this.leave(UNUSABLE);
    return error === 'short_write' ? error : 'write';
  }

  /** Have a segment in which so many bytes fit. null, or the reason why there is none: then a full one is kept. */
  makeRoom(most) {
    const { segment } = this;
    if (segment === null) return this.beginSegment(most);
    if (segment.isThere() && segment.mayBeginAgain()) segment.beginAgain();
    if (segment.fits(most)) return null;
    const reason = this.beginSegment(most);
    if (reason === null) segment.close(DONE_WITH);
    return reason;
  }

  beginSegment(most) {
    try {
      this.off = this.refusal();
      if (this.off === null) this.segment = this.newSegment(sizeFor(most));
    } catch (error) {
      this.off = error.code === 'ENOENT' ? 'off' : 'write';
    }
    return this.off;
  }

  newSegment(size) {
    const { folder, mapping } = this;
    for (let attempt = 1; ; attempt += 1) {
      this.number += 1;
      const path = `${folder}/${this.pid}-${this.start}-${this.number}.segment`;
      try {
        return takeSpare(folder, path, size, mapping) || makeSegment(path, size, mapping);
      } catch (error) {
        if (error.code !== 'EEXIST' || attempt === NAMES) throw error;
      }
    }
  }

  /** Why no segment may be begun in the folder; null if one may. */
  refusal() {
    if (!isOursAlone(this.folder)) return 'off';
    if (this.unlooked < LOOK_BYTES) return null;
    this.unlooked = 0;
    return folderSize(this.folder) > UNREAD_BYTES ? 'unread_cap' : null;
  }

  /** The invocation's end is committed: wake the extension. */
  ring() {
    try {
      closeSync(openSync(`${this.folder}/bell`, RING));
    } catch (error) {
      this.isBellGone = error.code === 'ENOENT';
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

function sizeOf(parts = []) {
  return parts.reduce((sum, part) => sum + part[1].length, 0);
}

/** Bytes of the files in the folder, as far as they can be told. */
function folderSize(folder) {
  let size = 0;
  for (const name of readdirSync(folder)) {
    try {
      size += statSync(`${folder}/${name}`).size;
    } catch {
      // Read and removed in this moment.
    }
  }
  return size;
}

module.exports = { Writer };
