'use strict';
// Asks AWS by the AWS SDK for JavaScript v3: [{ package, client, operation, input }]; answers with each one's error code.

const { NodeHttpHandler } = require(`${process.env.PACKAGES}/@smithy/node-http-handler`);

const clients = new Map();

exports.handler = async (event) => {
  const codes = [];
  for (const one of event) codes.push(await ask(one));
  return codes;
};

async function ask({ package: name, client, operation, input }) {
  const sdk = require(`${process.env.PACKAGES}/@aws-sdk/${name}`);
  // Kinesis would be asked by HTTP/2, which moto does not speak.
  const settings = { maxAttempts: 1, forcePathStyle: true, requestHandler: new NodeHttpHandler() };
  if (!clients.has(name)) clients.set(name, new sdk[client](settings));
  try {
    await clients.get(name).send(new sdk[`${operation}Command`](plain(input)));
    return '';
  } catch (error) {
    return error.name;
  }
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (Object.keys(value).join() === 'base64') return Buffer.from(value.base64, 'base64');
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
