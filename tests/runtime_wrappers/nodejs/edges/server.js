'use strict';
// What the exchanges talk to: one origin over HTTP/1.1, in a process of its own, so that only the client is watched.
// Prints its port. The path says how it treats its peer.

const http = require('http');

const WAYS = {
  '/plain': (_request, response) => response.end('plain'),
  '/echo': (request, response) => request.pipe(response),
  '/json': (_request, response) => response.setHeader('content-type', 'application/json').end('{"a":[1,2]}'),
  '/json-error': (_request, response) => response.writeHead(503, { 'content-type': 'application/json' }).end('{"e":1}'),
  '/headers': (request, response) => {
    const own = request.rawHeaders.filter((_, at) => at % 2 === 0 || !/^(host|user-agent)$/i.test(request.rawHeaders[at - 1]));
    response.end(JSON.stringify(own));
  },
  '/large': (_request, response) => response.end(Buffer.alloc(1_000_000, 'large ')),
  '/dribble': async (_request, response) => {
    for (let piece = 0; piece < 5; piece += 1) {
      response.write(`piece ${piece}\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end();
  },
  '/trailers': (_request, response) => {
    response.writeHead(200, { trailer: 'x-sum' });
    response.write('body');
    response.addTrailers({ 'x-sum': '4' });
    response.end();
  },
  '/empty': (_request, response) => response.writeHead(204).end(),
  '/not-modified': (_request, response) => response.writeHead(304, { etag: '"1"' }).end(),
  '/not-found': (_request, response) => response.writeHead(404).end('nothing here'),
  '/redirect': (_request, response) => response.writeHead(302, { location: '/plain' }).end(),
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/hints': (_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.writeProcessing();
    response.end('after hints');
  },
  '/early': (_request, response) => response.writeHead(413, { connection: 'close' }).end('too much'),
  '/close': (_request, response) => response.writeHead(200, { connection: 'close' }).end('closing'),
  '/silent': () => {},
  '/silent-body': (_request, response) => response.writeHead(200, { 'content-length': '10' }).write('half '),
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setTimeout(() => response.socket.destroy(), 20);
  },
  '/cut-chunk': (_request, response) => {
    response.write('half');
    setTimeout(() => response.socket.destroy(), 20);
  },
  '/reset': (_request, response) => response.socket.resetAndDestroy(),
  '/hang-up': (_request, response) => response.socket.end(),
  '/garbage': (_request, response) => response.socket.end('this is not HTTP\r\n\r\n'),
  '/two-lengths': (_request, response) => {
    response.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab');
  },
  '/http-1.0': (_request, response) => response.socket.end('HTTP/1.0 200 OK\r\n\r\nold'),
  '/many-cookies': (_request, response) => response.writeHead(200, { 'set-cookie': ['a=1', 'b=2', 'c=3'] }).end('c'),
  '/gzip': (_request, response) => {
    const body = require('zlib').gzipSync('zipped text');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(body);
  },
  '/events': async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let n = 0; n < 3; n += 1) {
      response.write(`data: ${n}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end();
  },
};

const server = http.createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
  const way = WAYS[request.url.split('?')[0]];
  if (way) way(request, response);
  else response.writeHead(404).end();
});
server.on('checkContinue', (request, response) => {
  if (request.url === '/refuses') response.writeHead(417).end('no');
  else {
    response.writeContinue();
    request.pipe(response);
  }
});
server.on('upgrade', (request, socket, head) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nhello ');
  socket.on('data', (piece) => socket.end(piece));
  if (head.length) socket.end(head);
});
server.on('connect', (request, socket) => {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  socket.on('data', (piece) => socket.end(`tunnelled ${piece}`));
});
server.on('clientError', (_error, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
