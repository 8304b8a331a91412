'use strict';
// node node_client.js FILE.NAME: a runtime client in JavaScript alone, as AWS's is with its alternative client, and where
// a handler streams its answer.

const http = require('http');
const path = require('path');

const [file, name] = process.argv[2].split('.');
const handler = require(path.join(process.cwd(), file))[name];
const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

function ask(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(pieces) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function main() {
  for (;;) {
    const { headers, body } = await ask(`${runtime}/next`, { method: 'GET' });
    const answer = await handler(JSON.parse(body));
    const url = `${runtime}/${headers['lambda-runtime-aws-request-id']}/response`;
    await ask(url, { method: 'POST' }, JSON.stringify(answer));
  }
}

main();
