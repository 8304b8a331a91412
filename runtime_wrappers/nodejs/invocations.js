'use strict';
// The boundary: where AWS's runtime client gets an event from the Runtime API and posts the response or the error. Its
// native part (rapid-client.node, the same in every release: next, done and error) is hooked as it is loaded. Streamed
// responses, init errors and the alternative client's events go over `http`: hooks/runtime_api.js reports them here.

const { nanoseconds } = require('./clock');
const { guarded } = require('./faults');
const { fields } = require('./frames');
const { allocUnsafe, bufferFrom, byteLength, readFileSync, stringify, subarray, whenSettled } = require('./natives');

const EMPTY = allocUnsafe(0);

class Invocations {
  constructor(writer, rules, context, concurrent) {
    this.writer = writer;
    this.rules = rules;
    this.context = context;
    this.number = 0;
    this.open = new Map(); // request id -> invocation that is not answered yet
    this.concurrent = concurrent;
  }

  /**
   * The client asks for the next event. Where one invocation runs at a time, one that was never answered is over, except
   * while a stream that failed is open: client 4 asks before it closes that.
   */
  onNextRequested() {
    this.giveUp((invocation) => !invocation.isStreaming);
    return this.context.begin();
  }

  giveUp(isOver) {
    if (this.concurrent || this.open.size === 0) return;
    for (const [id, invocation] of [...this.open]) {
      if (isOver(invocation)) this.end(id, 'error', fields({ error_type: 'Runtime.NoAnswer' }), []);
    }
  }

  /** A streamed response begins. */
  onStreamStart(id) {
    const invocation = this.open.get(id);
    if (invocation !== undefined) invocation.isStreaming = true;
  }

  /** An event has come; `headers` are the Runtime API's, by lower-case names. */
  onEvent(box, [event, size], headers) {
    this.giveUp(() => true);
    this.number += 1;
    const id = String(headers['lambda-runtime-aws-request-id'] || '');
    const trace = headers['lambda-runtime-trace-id'];
    const owner = this.writer.beginInvocation(id);
    // Kept as long as calls may ask for its trace, and so for nothing where they do not.
    const invocation = { id, owner, event: this.rules.propagates ? event : undefined, trace, isStreaming: false };
    this.context.give(box, invocation);
    this.open.set(id, invocation);
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    const arn = headers['lambda-runtime-invoked-function-arn'];
    const tail =
      `,"number":${this.number}${deadline ? `,"deadline":${deadline}` : ''}` +
      `${arn ? `,"arn":${stringify(arn)}` : ''}${trace ? `,"trace":${stringify(trace)}` : ''},"event_size":${size}`;
    this.writer.write('invocation_start', nanoseconds(), invocation.owner, tail, [['event', event]]);
  }

  /** The first bytes of what goes over the Runtime API, as a part's content, and its whole size in bytes. */
  prefix(text, limit = this.rules.eventBytes) {
    const size = byteLength(text);
    const first = text.length > limit ? text.slice(0, limit) : text;
    return [size === text.length ? first : subarray(bufferFrom(first), 0, limit), size]; // ASCII is written as it is
  }

  /** `body` is the response as it was posted, as text. */
  onResponsePosted(id, body) {
    const [response, size] = this.prefix(body);
    this.end(id, 'ok', `,"response_size":${size}`, [['response', response]]);
  }

  /** `body` are its first bytes, as a part's content. */
  onErrorPosted(id, body) {
    this.end(id, 'error', '', [['error', body]]);
  }

  end(id, status, tail, parts) {
    const invocation = this.open.get(id);
    if (invocation === undefined) return;
    this.open.delete(id);
    this.writer.write('invocation_end', nanoseconds(), invocation.owner, `,"status":"${status}"${tail}`, parts);
    this.writer.ring();
  }

  /** An init error was posted; `body` are its first bytes. */
  onInitErrorPosted(body = EMPTY) {
    const tail = ',"status":"error","phase":"init"';
    this.writer.write('invocation_end', nanoseconds(), this.writer.init, tail, [['error', body]]);
    this.writer.ring();
  }
}

/** Wait for the client's native part, then stand in for its three functions. */
function watchNativeClient(invocations) {
  const { dlopen } = process;
  const watching = {
    dlopen(...words) {
      const result = Reflect.apply(dlopen, this, words);
      const [module, filename] = words;
      if (isRapidClient(filename, module)) {
        restore();
        hook(invocations, module.exports, filename);
      }
      return result;
    },
  }.dlopen;
  function restore() {
    if (process.dlopen === watching) process.dlopen = dlopen;
  }
  process.dlopen = watching;
}

const isRapidClient = guarded('dlopen', (filename, module) => {
  const { exports } = module;
  return (
    /(^|\/)rapid-client\.node$/.test(filename) &&
    ['next', 'done', 'error'].every((name) => typeof exports[name] === 'function')
  );
});

const hook = guarded('rapid-client', (invocations, client, filename) => {
  const { next, done, error } = client;
  const asked = guarded('next', () => invocations.onNextRequested());
  const arrived = guarded('next', (box, { bodyJson, headers }) => {
    invocations.onEvent(box, invocations.prefix(bodyJson), headers);
  });
  const answered = guarded('done', (id, body) => invocations.onResponsePosted(decoded(id), body));
  const failed = guarded('error', (id, body) => {
    invocations.onErrorPosted(decoded(id), invocations.prefix(body, invocations.rules.errorBytes)[0]);
  });
  client.next = function () {
    const box = asked();
    const promise = Reflect.apply(next, this, arguments);
    // Runs before the client's own continuation, which is added later. A failure is the client's alone to handle.
    whenSettled(promise, (event) => arrived(box, event), ignore);
    return promise;
  };
  client.done = function (id, body) {
    const result = Reflect.apply(done, this, arguments);
    answered(id, body);
    return result;
  };
  client.error = function (id, body) {
    const result = Reflect.apply(error, this, arguments);
    failed(id, body);
    return result;
  };
  invocations.writer.introduce({ client: clientName(filename) });
});

function ignore() {}

/** The client escapes ids for its URLs; those of Lambda have nothing to escape. */
function decoded(id) {
  return id.includes('%') ? decodeURIComponent(id) : id;
}

/** `aws-lambda-ric 3.3.0`, where its package.json is found beside it; managed runtimes have none. */
function clientName(filename) {
  const folder = filename.slice(0, filename.lastIndexOf('/'));
  for (const candidate of [folder, folder.slice(0, folder.lastIndexOf('/'))]) {
    try {
      const { name, version } = JSON.parse(readFileSync(`${candidate}/package.json`, 'utf8'));
      if (name === 'aws-lambda-ric') return `${name} ${version}`;
    } catch {
      // Not here.
    }
  }
  return 'rapid-client.node';
}

module.exports = { Invocations, watchNativeClient };
