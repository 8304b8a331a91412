'use strict';
// The function that is measured: {library, url} makes the client, {library, calls} makes calls with it.

const { CLIENTS } = require('../../bench/functions/bench_app.js');

const clients = new Map();

exports.handler = async (event) => {
  if (event.url) clients.set(event.library, CLIENTS[event.library](event));
  for (let turn = 0; turn < (event.calls || 0); turn += 1) await clients.get(event.library)();
  return {};
};
