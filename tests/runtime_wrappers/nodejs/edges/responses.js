'use strict';
// Exchanges of http: reading in every way, backpressure, pipelines.

const http = require('http');
const { once } = require('events');
const { Readable, Transform, Writable, finished, pipeline } = require('stream');
const { text } = require('stream/consumers');
const { promisify } = require('util');

const { counts, pause, response } = require('./seeing');

module.exports = function ofResponses(url, told) {
  const get = (path, options) => response(http.get(url + path, options));
  return {
    'response: its listeners': async () => {
      const one = await get('/plain');
      const before = counts(one);
      one.resume();
      await once(one, 'end');
      return [before, counts(one)];
    },
    'response: paused, then read': async () => {
      const one = await get('/large');
      await pause(50);
      const before = [one.readableFlowing, one.listenerCount('data'), one.readableLength > 0];
      return [before, (await text(one)).length];
    },
    'response: by readable and read()': async () => {
      const one = await get('/dribble');
      let got = '';
      one.on('readable', () => { for (let piece; (piece = one.read(3)) !== null; ) got += piece; });
      await once(one, 'end');
      return got;
    },
    'response: iterated, and left in the middle': async () => {
      const one = await get('/large');
      for await (const piece of one) { if (piece.length) break; }
      return [one.destroyed, one.complete, one.readableAborted];
    },
    'response: piped through a transform': async () => {
      const upper = new Transform({ transform: (piece, _encoding, done) => done(null, String(piece).toUpperCase()) });
      return text((await get('/dribble')).pipe(upper));
    },
    'response: a pipeline whose sink fails': async () => {
      const one = await get('/large');
      const sink = new Writable({ write: (_piece, _encoding, done) => done(new RangeError('sink')) });
      const error = await new Promise((resolve) => pipeline(one, sink, resolve));
      return [told(error), one.destroyed];
    },
    'response: a slow sink holds it back': async () => {
      const one = await get('/large');
      let size = 0;
      const sink = new Writable({ highWaterMark: 10, write: (piece, _encoding, done) => { size += piece.length; setImmediate(done); } });
      await promisify(pipeline)(one, sink);
      return size;
    },
    'response: setEncoding': async () => {
      const one = (await get('/dribble')).setEncoding('hex');
      let got = '';
      for await (const piece of one) got += piece;
      return [got, one.readableEncoding];
    },
    'response: a data listener that throws': async () => {
      (await get('/plain')).on('data', () => { throw new TypeError('in the listener'); });
      await pause(100);
      return 'went on';
    },
    'response: an end listener that throws': async () => {
      (await get('/plain')).resume().on('end', () => { throw new TypeError('in the listener'); });
      await pause(100);
      return 'went on';
    },
    'response: cut off, with nobody to hear': async () => {
      (await get('/cut')).resume();
      await pause(150);
      return 'went on';
    },
    'response: cut off, finished() tells': async () => {
      const one = await get('/cut');
      const error = await new Promise((resolve) => finished(one.resume(), resolve));
      return [told(error), one.complete];
    },
    'response: destroyed with an error': async () => {
      const one = await get('/dribble');
      one.destroy(new RangeError('mine'));
      const [error] = await once(one, 'error');
      return told(error);
    },
    'response: trailers': async () => {
      const one = await get('/trailers');
      await text(one);
      return [one.trailers, one.rawTrailers];
    },
    'response: thrown away unheard': async () => {
      const request = http.request(`${url}/large`).end();
      await once(request, 'close');
      return request.res === undefined ? 'none' : [request.res.complete, request.res._dumped];
    },
    'response: own properties': async () => {
      const one = await get('/plain');
      one.resume();
      // In no order: Node makes `_eventsCount` with the first listener, and `req` only later.
      return Reflect.ownKeys(one).map(String).filter((key) => key !== 'Symbol(async_id_symbol)').sort();
    },
    'response: unshifted and read again': async () => {
      const one = await get('/plain');
      await once(one, 'readable');
      one.unshift(one.read(2));
      return text(one);
    },
    'response: headersDistinct and joined headers': async () => {
      const one = await get('/many-cookies');
      one.resume();
      return [one.headers['set-cookie'], one.headersDistinct['set-cookie']];
    },
    'response: as a web stream': async () => {
      let got = '';
      for await (const piece of Readable.toWeb(await get('/dribble'))) got += Buffer.from(piece);
      return got;
    },
  };
};
