'use strict';
// Runs a table of exchanges and writes down all that the user's code can observe of each.
//
//   node run.js TABLE URL PACKAGES       one JSON line for each exchange: {name, seen}
//
// A table is {name: async (tools) => what was seen}. `seen` also has what reached the process: exceptions that nobody
// caught, rejections that nobody handled, warnings.

const http = require('http');
const https = require('https');
const path = require('path');

const PATIENCE = 5000; // milliseconds, for what never comes

function normalised(value) {
  const text = JSON.stringify(value, (_, one) => (one instanceof Error ? told(one) : one));
  return JSON.parse(text === undefined ? 'null' : text);
}

/** An error as its user sees it, without ports and lines of node:events, which differ from run to run. */
function told(error, depth = 0) {
  const stack = String(error.stack)
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/node:events:\d+:\d+/g, 'node:events');
  const causes = depth < 3 ? [error.cause, ...(error.errors || [])].filter((one) => one instanceof Error) : [];
  return { name: error.name, code: error.code, stack, causes: causes.map((one) => told(one, depth + 1)) };
}

async function main(table, url, packages) {
  const beside = [];
  process.on('uncaughtException', (error, origin) => beside.push([origin, told(Object(error))]));
  process.on('unhandledRejection', (reason) => beside.push(['rejected', told(Object(reason))]));
  process.on('warning', (warning) => beside.push(['warning', warning.name, warning.code]));
  const alive = setInterval(() => {}, 1000);
  const exchanges = require(path.resolve(table))({ url, packages, told });
  for (const [name, exchange] of Object.entries(exchanges)) {
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE, 'never came');
    });
    let seen;
    try {
      seen = await Promise.race([exchange(), late]);
    } catch (error) {
      seen = { thrown: told(Object(error)) };
    }
    clearTimeout(timer);
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    http.globalAgent.destroy();
    https.globalAgent.destroy();
    process.stdout.write(`${JSON.stringify({ name, seen: normalised(seen), beside: normalised(beside.splice(0)) })}\n`);
  }
  clearInterval(alive);
  process.exit();
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
