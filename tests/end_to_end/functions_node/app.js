// Functions of test_node.py.
const http = require('http');

exports.ok = async (event) => ({ n: event.n });

exports.fails = async () => {
  throw new TypeError('no such order');
};

exports.calls = async (event) => {
  const response = await fetch(event.url, { method: 'POST', body: JSON.stringify({ password: 'hunter2', n: 1 }) });
  await response.text();
  return response.status;
};

// The event's URL never answers.
exports.hangs = (event) => new Promise((resolve) => http.get(event.url, resolve));

exports.looksAround = async () => ({
  argv: process.argv,
  execArgv: process.execArgv,
  environment: process.env,
  modules: Object.keys(require.cache),
  globals: Reflect.ownKeys(globalThis).map(String).sort(),
});

exports.streams = globalThis.awslambda?.streamifyResponse(async (event, stream) => {
  stream.write('first ');
  stream.end('second');
});

exports.raises_at_length = async function raises_at_length(event) {
  throw new RangeError('no such order: ' + 'x'.repeat(event.length));
};

exports.answers_500 = async () => ({ statusCode: 500, body: 'no' });
