'use strict';
// tests/scenarios/clients/driver.py for Node.js: runs a plan with one client library and writes down what its user saw.
//
//   node driver.js PLAN RESULTS      plan, steps, results and outcomes as described there
//   driver.handler(plan)             the same as a Lambda handler: resolves to the list of results

const { createHash } = require('crypto');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { Readable } = require('stream');

const SESSION = { trust: null, proxy: null, timeout: 10, retries: 0, limit: null, http2: false };
const REQUEST = { method: 'GET', headers: {}, reading: 'whole', aws: null, multipart: null, body: null };
const BLOCK = Buffer.from(Array.from({ length: 10_000 }, (_, line) => `${String(line).padStart(9, '0')}\n`).join(''));

const LEFT = ['part', 'unread'];
const BROKEN = ['ECONNRESET', 'EPIPE'];

async function main(planFile, resultsFile) {
  const alive = setInterval(() => {}, 1000); // what never comes ends by the time-out of the test, with its name
  for await (const result of run(JSON.parse(fs.readFileSync(planFile, 'utf8')))) {
    fs.appendFileSync(resultsFile, `${JSON.stringify(result)}\n`);
  }
  clearInterval(alive);
}

exports.handler = async (plan) => {
  const results = [];
  for await (const result of run(plan)) results.push(result);
  return results;
};

async function* run(plan) {
  const client = await load(plan);
  for (const step of plan.steps) {
    const start = process.hrtime();
    const calls = await VERBS[step.verb](new Subject(client, step));
    await settled(step.request.reading);
    const [seconds, nanoseconds] = process.hrtime(start);
    yield { scenario: step.scenario, calls, seconds: seconds + nanoseconds / 1e9 };
  }
}

/** A client is `async (packages) => ({open, call, close})`; `packages` imports a library by name. */
function load(plan) {
  const at = (name) => require.resolve(name, { paths: [plan.packages] });
  const packages = {
    require: (name = plan.module) => require(at(name)),
    import: (name = plan.module) => import(entryOf(path.join(plan.packages, 'node_modules', name))),
  };
  return require(`./${plan.client}`)(packages);
}

/** The file that `import` takes of a package that cannot be required. */
function entryOf(folder) {
  const { exports: exported, main: entry } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const found = typeof exported === 'object' ? exported.default || exported['.'] : exported;
  return path.join(folder, typeof found === 'object' ? found.import || found.default : found || entry);
}

/** A body that nobody reads is ended by the garbage collector, and its finalizers run in a later turn. */
async function settled(reading) {
  for (let turn = 0; turn < 20 && LEFT.includes(reading); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    global.gc();
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}

class Subject {
  constructor(client, step) {
    this.client = client;
    this.step = step;
    this.settings = { ...SESSION, ...step.session };
  }

  open() {
    return this.client.open(this.settings);
  }

  close(session) {
    return this.client.close(session);
  }

  async call(session, changes = {}) {
    const request = this.request(changes);
    try {
      const { status, body } = await this.client.call(session, request);
      const sha256 = createHash('sha256').update(body).digest('hex');
      return { status, bytes: body.length, sha256 };
    } catch (error) {
      return { exception: error.name, text: told(error) };
    }
  }

  request(changes) {
    const request = { ...REQUEST, ...this.step.request, ...changes };
    request.body = makeBody(request.body);
    request.onPiece = doorbell(request.ack);
    return request;
  }
}

/** Everything that an error says, causes included. */
function told(error, depth = 0) {
  if (!(error instanceof Error) || depth > 4) return String(error);
  const inner = [error.cause, ...(error.errors || [])].filter(Boolean).map((cause) => told(cause, depth + 1));
  // Whether reading or writing meets the reset first is chance.
  if (error.syscall && BROKEN.includes(error.code)) return `the connection broke [code ${BROKEN.join(' or ')}]`;
  return [`${error.stack} [code ${error.code}]`, ...inner].join('\n');
}

/** Rings once, at the first piece of a body: the server sends the next piece only then. */
function doorbell(port) {
  let left = port ? 1 : 0;
  return (piece) => {
    if (left === 0 || piece.length === 0) return;
    left = 0;
    net.connect(Number(port), '127.0.0.1').on('error', () => {}).end();
  };
}

/** `size` bytes in which each offset of the first 100,000 can be told from every other; then they repeat. */
function content(size) {
  return Buffer.concat(Array(Math.floor(size / BLOCK.length) + 1).fill(BLOCK)).subarray(0, size);
}

/** null, or what {kind: bytes|file|iterator, size} describes: {bytes}, or {stream, size}. */
function makeBody(body) {
  if (body === null) return null;
  const whole = content(body.size);
  if (body.kind === 'bytes') return { bytes: whole };
  if (body.kind === 'file') {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'body-')), 'body');
    fs.writeFileSync(file, whole);
    return { stream: fs.createReadStream(file), size: whole.length };
  }
  return { stream: Readable.from(pieces(whole), { objectMode: false }) };
}

function* pieces(whole) {
  for (let start = 0; start < whole.length; start += 1500) yield whole.subarray(start, start + 1500);
}

async function once(subject) {
  const session = await subject.open();
  const outcome = await subject.call(session);
  await settled(subject.step.request.reading);
  await subject.close(session);
  return [outcome];
}

/** `count` calls, one after the other, in one session. */
async function inTurn(subject) {
  const session = await subject.open();
  const outcomes = [];
  for (let turn = 0; turn < subject.step.count; turn += 1) outcomes.push(await subject.call(session));
  await subject.close(session);
  return outcomes;
}

/** `count` calls at once, each with its own number in the url. */
async function gather(subject) {
  const session = await subject.open();
  const numbers = Array.from({ length: subject.step.count }, (_, number) => number);
  const outcomes = await Promise.all(
    numbers.map((number) => subject.call(session, { url: subject.step.request.url + number })),
  );
  await subject.close(session);
  return outcomes;
}

/** A call that can only wait for the free connection which an earlier call, to `blocker`, holds. */
async function behind(subject) {
  const session = await subject.open();
  const first = subject.call(session, { url: subject.step.blocker });
  while (!fs.existsSync(subject.step.blocked)) await new Promise((resolve) => setTimeout(resolve, 10));
  return [await subject.call(session), await first];
}

const VERBS = { once, in_turn: inTurn, gather, behind };

if (require.main === module) main(...process.argv.slice(2)).then(() => process.exit());
