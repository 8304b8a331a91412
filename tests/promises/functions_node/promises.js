'use strict';
// What users' code sees of its process and does to it. Each answers with what it saw, the same with the layer and without.

const childProcess = require('child_process');
const fs = require('fs');
const http = require('http');
const https = require('https');
const { Worker } = require('worker_threads');

exports.handler = (event) => DEEDS[event.do](event.url, event);

/** [status, size] */
function call(url) {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? https : http).get(url, (response) => {
      let size = 0;
      response.on('data', (chunk) => { size += chunk.length; });
      response.on('end', () => resolve([response.statusCode, size]));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

async function fetched(url) {
  const response = await fetch(url);
  return [response.status, (await response.text()).length];
}

/** Two calls, each by another way. */
async function goesOn(url) {
  return [await call(url), await fetched(url)];
}

function descriptors() {
  const found = [];
  for (const name of fs.readdirSync('/proc/self/fd')) {
    try {
      found.push([Number(name), fs.readlinkSync(`/proc/self/fd/${name}`).replace(/[0-9]+/g, 'N')]);
    } catch {
      // The one that read the folder.
    }
  }
  return found;
}

function emptyTmp() {
  for (const name of fs.readdirSync('/tmp')) {
    try {
      fs.rmSync(`/tmp/${name}`, { recursive: true, force: true });
    } catch {
      // The developer's checkout, when that lies in /tmp: bound read-only.
    }
  }
}

function fill(file) {
  const descriptor = fs.openSync(file, 'a');
  try {
    for (const size of [1 << 20, 1 << 12, 1]) {
      const bytes = Buffer.alloc(size, 'x');
      try {
        while (fs.writeSync(descriptor, bytes) === size);
      } catch {
        // Full, for pieces of this size.
      }
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Replace a function of a module by one that nobody but the user, his libraries and Node itself may call. */
function watched(owner, name, calls) {
  const original = owner[name];
  const replacement = function () {
    const { stack } = new Error();
    if (stack.split('\n')[2].includes('/opt/aftercall/')) {
      calls.push(name);
      throw new Error('nobody but the user calls this');
    }
    return Reflect.apply(original, this, arguments);
  };
  owner[name] = Object.assign(replacement, original);
}

const PATCHED = [
  [fs, ['openSync', 'writeSync', 'writevSync', 'closeSync', 'renameSync', 'readSync', 'lstatSync', 'readdirSync', 'readFileSync']],
  [process, ['hrtime', 'nextTick', 'geteuid', 'cwd']],
  [globalThis, ['setImmediate', 'setTimeout', 'queueMicrotask']],
  [JSON, ['stringify', 'parse']],
  [Date, ['now']],
  [Math, ['random']],
  [Buffer, ['from', 'alloc', 'allocUnsafe', 'concat', 'byteLength']],
];

const DEEDS = {
  goesOn,

  async answers() {
    return { text: 'grüße €\u2028 😀', numbers: [0, -0.5, 1e21, 2 ** 53], nothing: null, left: undefined };
  },

  async answersMuch() {
    return 'é'.repeat(300_000);
  },

  async logs(url) {
    console.log('one line');
    console.error('two\nlines');
    return goesOn(url);
  },

  async seesItself() {
    // Not PWD: any shell sets it. Not its values that differ from one environment to the next.
    const varies = ['PWD', 'AWS_LAMBDA_RUNTIME_API', '_X_AMZN_TRACE_ID', 'AWS_LAMBDA_LOG_STREAM_NAME'];
    const environment = Object.entries(process.env).filter(([name]) => !varies.includes(name)).sort();
    return [
      process.argv, process.execArgv, environment, Object.keys(require.cache), module.paths, process.cwd(),
      process.eventNames().map(String), process.getActiveResourcesInfo().sort(), Object.keys(globalThis),
      descriptors().map(([, link]) => link).sort(), process.umask(),
    ];
  },

  async throws() {
    const error = new RangeError('no such order: grüße', { cause: new Error('deeper') });
    error.details = { order: 17 };
    throw error;
  },

  async throwsWhatIsNoError() {
    throw { order: 17 };
  },

  /** Errors of calls, with their stacks. */
  failsToCall: (url) => call(url),
  failsToFetch: (url) => fetched(url),

  async exits() {
    process.exit(3);
  },

  async rejectsBeside() {
    Promise.reject(new Error('nobody waits'));
    return new Promise(() => {});
  },

  async hasChildren(url) {
    const say = 'process.stdout.write(JSON.stringify([process.execArgv, process.argv.length, Object.keys(process.env).sort()]))';
    const spawned = childProcess.execFileSync(process.execPath, ['-e', say], { encoding: 'utf8' });
    const child = childProcess.fork(__filename, ['child'], { silent: true });
    const forked = await new Promise((resolve) => child.on('exit', resolve));
    const worker = new Worker('require("worker_threads").parentPort.postMessage([process.execArgv, process.argv.length])', { eval: true });
    const worked = await new Promise((resolve) => worker.on('message', resolve));
    return [spawned, forked, worked, await goesOn(url)];
  },

  async makesManyCalls(url) {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => (n % 2 ? call(url) : fetched(url))));
    return [answers.length, [...new Set(answers.map(String))]];
  },

  async hearsSignals(url) {
    const heard = [];
    process.on('SIGUSR2', () => heard.push('SIGUSR2'));
    process.on('SIGPIPE', () => heard.push('SIGPIPE'));
    process.kill(process.pid, 'SIGUSR2');
    process.kill(process.pid, 'SIGPIPE');
    while (heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    process.removeAllListeners('SIGUSR2').removeAllListeners('SIGPIPE');
    return [heard.sort(), await goesOn(url)];
  },

  async changesFolder(url) {
    process.chdir('/tmp');
    const answered = await goesOn(url);
    process.chdir('/var/task');
    return answered;
  },

  async forbidsAllModes(url) {
    const before = process.umask(0o777);
    const answered = await goesOn(url);
    process.umask(before);
    return answered;
  },

  /** All files; its sockets and its event loop's own are as needed by the runtime client without us. */
  async closesDescriptors(url) {
    const files = descriptors().filter(([number, link]) => number > 2 && /^\/(?!dev|proc)/.test(link));
    for (const [number] of files) {
      try {
        fs.closeSync(number);
      } catch {
        // Was the folder's that they were found in.
      }
    }
    return [files.length, await goesOn(url)];
  },

  async patches(url) {
    const calls = [];
    const kept = PATCHED.map(([owner, names]) => [owner, names.map((name) => [name, owner[name]])]);
    for (const [owner, names] of PATCHED) for (const name of names) watched(owner, name, calls);
    try {
      return [await goesOn(url), calls];
    } finally {
      for (const [owner, names] of kept) for (const [name, value] of names) owner[name] = value;
    }
  },

  async emptiesTmp(url) {
    emptyTmp();
    return goesOn(url);
  },

  async fillsTmp(url) {
    fill('/tmp/large');
    return goesOn(url);
  },

  async clearsTmp(url) {
    fs.unlinkSync('/tmp/large');
    return goesOn(url);
  },
};

