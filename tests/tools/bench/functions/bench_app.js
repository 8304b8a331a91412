'use strict';
// The function that is measured, as bench_app.py: makes calls with one library and tells its own CPU time in nanoseconds.
//
// An event is {library, url, packages, calls}; the answer is {calls: CPU of making them}. `entered` in every answer is the
// process's CPU time when the handler was entered: what lies between two of them is a whole invocation, the runtime
// client's work included.

const clients = new Map();

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

exports.handler = async (event) => {
  const entered = cpu();
  let calls = 0;
  if (event.calls) {
    if (!clients.has(event.library)) clients.set(event.library, CLIENTS[event.library](event));
    const call = clients.get(event.library);
    for (let turn = 0; turn < 3; turn += 1) await call();
    const before = cpu();
    for (let turn = 0; turn < event.calls; turn += 1) await call();
    calls = cpu() - before;
  }
  return { entered, calls };
};

const CLIENTS = {
  http({ url }) {
    const http = require('http');
    const agent = new http.Agent({ keepAlive: true });
    return () =>
      new Promise((resolve, reject) => {
        const headers = { Accept: 'application/json' };
        const request = http.get(`${url}/items/1?fields=all`, { agent, headers }, (response) => {
          const pieces = [];
          response.on('data', (piece) => pieces.push(piece));
          response.on('end', () => resolve(Buffer.concat(pieces)));
        });
        request.on('error', reject);
      });
  },

  fetch({ url }) {
    return async () => (await fetch(`${url}/items/1?fields=all`)).json();
  },

  undici({ url, packages }) {
    const { request } = require(`${packages}/undici`);
    return async () => (await request(`${url}/items/1?fields=all`)).body.json();
  },

  axios({ url, packages }) {
    const http = require('http');
    const axios = require(`${packages}/axios`);
    const instance = axios.create({ httpAgent: new http.Agent({ keepAlive: true }), proxy: false });
    return async () => (await instance.get(`${url}/items/1?fields=all`)).data;
  },

  'aws-sdk'({ url, packages }) {
    const { DynamoDBClient, GetItemCommand } = require(`${packages}/@aws-sdk/client-dynamodb`);
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = new DynamoDBClient({ region: 'eu-central-1', endpoint: url, credentials });
    const command = () => new GetItemCommand({ TableName: 'items', Key: { id: { S: '1' } } });
    return async () => (await client.send(command())).Item;
  },
};

exports.CLIENTS = CLIENTS;
