'use strict';
// The table's ways to read a body, from a Node.js stream.

const PART_BYTES = 1000; // pieces come in sizes of their own

/** Resolves to the bytes that were read: `whole`, `stream` (piece by piece), `part` (the first piece), `unread`. */
async function read(stream, request) {
  if (request.reading === 'unread') return Buffer.alloc(0);
  const pieces = [];
  await new Promise((resolve, reject) => {
    stream.on('data', (piece) => {
      request.onPiece(piece);
      pieces.push(piece);
      if (request.reading === 'part') {
        resolve();
        stream.destroy();
      }
    });
    stream.on('end', resolve);
    stream.on('error', reject);
    stream.on('aborted', () => reject(stream.errored || new Error('aborted')));
  });
  return Buffer.concat(pieces).subarray(0, request.reading === 'part' ? PART_BYTES : undefined);
}

/** The same from a ReadableStream of fetch. */
async function readWeb(body, request) {
  if (body === null || request.reading === 'unread') return Buffer.alloc(0);
  const pieces = [];
  for await (const piece of body) {
    request.onPiece(piece);
    pieces.push(Buffer.from(piece));
    if (request.reading === 'part') break;
  }
  return Buffer.concat(pieces).subarray(0, request.reading === 'part' ? PART_BYTES : undefined);
}

/** A form with its files. */
function formOf(multipart, Form = FormData) {
  const form = new Form();
  for (const [name, [file, text]] of Object.entries(multipart)) form.append(name, new Blob([text]), file);
  return form;
}

module.exports = { formOf, read, readWeb };
