'use strict';
// Where a writer's segments come from: a spare, which it renames, or a file that it makes itself.

const { allocUnsafeSlow, bufferFrom, closeSync, constants, equals, fchmodSync, fstatSync, openSync } = require('./natives');
const { readSync, renameSync, unlinkSync, writeSync } = require('./natives');
const { HEAD_BYTES, MappedSegment, PlainSegment } = require('./segment');

const MODE = 0o600;
const USUAL_BYTES = 262_144;
const LARGER_BY = 65_536;
const TWICE_BYTES = 4 << 20;
const SPARES = 4;
const NO_DESCRIPTOR = new Set(['EMFILE', 'ENFILE']);
const MAGIC = bufferFrom('aftcall\x02', 'latin1');
const EMPTY_HEAD = allocUnsafeSlow(HEAD_BYTES).fill(0);
EMPTY_HEAD.set(MAGIC);

const OPEN = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK; // libuv adds O_CLOEXEC
const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Of a segment for frames of so many bytes: a larger one has room for as many again, an event and a response. */
function sizeFor(most) {
  if (HEAD_BYTES + most <= USUAL_BYTES) return USUAL_BYTES;
  return Math.ceil((HEAD_BYTES + most + (most <= TWICE_BYTES ? most : 0)) / LARGER_BY) * LARGER_BY;
}

/** A segment made of one of the folder's spares; null where none is left, or none so large. */
function takeSpare(folder, path, size, mapping) {
  if (size > USUAL_BYTES) return null;
  for (let number = 1; number <= SPARES; number += 1) {
    const spare = `${folder}/${number}.spare`;
    try {
      renameSync(spare, path);
    } catch {
      continue; // there is none, or another writer was first
    }
    const segment = opened(path, spare, mapping);
    if (segment !== null) return segment;
    remove(path);
  }
  return null;
}

/** null if this is no spare. It is put back where no descriptor is left to look at it. */
function opened(path, spare, mapping) {
  try {
    const descriptor = openSync(path, OPEN);
    try {
      return isSpare(descriptor) ? segmentOf(path, USUAL_BYTES, descriptor, mapping) : null;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!NO_DESCRIPTOR.has(error.code)) return null;
    renameSync(path, spare);
    throw error;
  }
}

function isSpare(descriptor) {
  const status = fstatSync(descriptor);
  if (!status.isFile() || status.size !== USUAL_BYTES) return false;
  const head = allocUnsafeSlow(HEAD_BYTES);
  return readSync(descriptor, head, 0, HEAD_BYTES, 0) === HEAD_BYTES && equals(head, EMPTY_HEAD);
}

/** A segment in a new file; throws what the file system throws. Nobody sees a file whose space is not reserved. */
function makeSegment(path, size, mapping) {
  const descriptor = openSync(path, CREATE, MODE);
  try {
    makeReadable(descriptor);
    reserve(descriptor, size, mapping);
    writeAll(descriptor, MAGIC, 0);
    return segmentOf(path, size, descriptor, mapping);
  } catch (error) {
    remove(path);
    throw error;
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

/** A store into space that is not reserved would be a SIGBUS on a full disk. */
function reserve(descriptor, size, mapping) {
  if (mapping !== null && mapping.reserve(descriptor, size)) return;
  const zeros = allocUnsafeSlow(LARGER_BY).fill(0);
  for (let at = 0; at < size; at += LARGER_BY) writeAll(descriptor, zeros, at);
}

function writeAll(descriptor, bytes, at) {
  if (writeSync(descriptor, bytes, 0, bytes.length, at) !== bytes.length) throw new Error('short write');
}

function segmentOf(path, size, descriptor, mapping) {
  try {
    if (mapping !== null) return new MappedSegment(path, size, mapping.map(descriptor, size));
  } catch {
    // No memory for it, or a Node.js that lets no mapping into its heap.
  }
  return new PlainSegment(path, size);
}

function remove(path) {
  try {
    unlinkSync(path);
  } catch {
    // Gone, or not ours to remove.
  }
}

module.exports = { makeSegment, sizeFor, takeSpare };
