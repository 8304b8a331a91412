'use strict';
// The AWS SDK for JavaScript v2, which functions brought along until Node.js 16 did and many still do.

const http = require('http');
const https = require('https');

const { read } = require('./reading');

const OPERATIONS = { GET: 'getObject', PUT: 'putObject', HEAD: 'headObject', DELETE: 'deleteObject' };

module.exports = async (packages) => {
  process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
  const AWS = packages.require();

  return {
    open(settings) {
      const options = { keepAlive: true, maxSockets: settings.limit || 50 };
      return { settings, agents: { 'http:': new http.Agent(options), 'https:': new https.Agent(options) } };
    },

    close: ({ agents }) => Object.values(agents).forEach((agent) => agent.destroy()),

    async call({ settings, agents }, request) {
      const url = new URL(request.url);
      const milliseconds = settings.timeout * 1000;
      const options = {
        endpoint: url.origin,
        region: 'eu-west-1',
        credentials: new AWS.Credentials('AKIAIOSFODNN7EXAMPLE', 'test'),
        s3ForcePathStyle: true,
        maxRetries: settings.retries,
        httpOptions: { agent: agents[url.protocol], connectTimeout: milliseconds, timeout: milliseconds },
      };
      const sending = request.aws ? service(options, url, request) : object(options, url, request);
      let status = 0;
      // Of a body that ends too early it hears nothing, not even that its own timeout is over.
      const patience = setTimeout(() => sending.abort(), 2 * milliseconds);
      sending.on('httpHeaders', (code) => {
        status = code;
      });
      try {
        if (request.method === 'GET' && !request.aws && request.reading !== 'whole') {
          return await streamed(sending, request, () => status);
        }
        const answer = await sending.promise();
        return { status, body: answer.Body || Buffer.alloc(0) };
      } catch (error) {
        if (!error.statusCode || error.statusCode < 300 || error.code === 'TimeoutError') {
          throw Object.assign(error, { cause: error.originalError });
        }
        return { status: error.statusCode, body: Buffer.alloc(0) };
      } finally {
        clearTimeout(patience);
      }
    },
  };

  function service(options, url, { aws }) {
    return aws === 'dynamodb'
      ? new AWS.DynamoDB({ ...options, dynamoDbCrc32: false }).getItem({ TableName: 'orders', Key: { id: { S: '17' } } })
      : new AWS.SQS({ ...options, computeChecksums: false }).sendMessage({ QueueUrl: `${url.origin}/17/orders`, MessageBody: 'hello' });
  }

  function object(options, url, request) {
    const [, bucket, key] = /^\/([^/]+)\/(.*)$/.exec(decodeURIComponent(url.pathname));
    const input = { Bucket: bucket, Key: key };
    if (request.body !== null) {
      input.Body = request.body.stream || request.body.bytes;
      if (request.body.size) input.ContentLength = request.body.size;
    }
    return new AWS.S3(options)[OPERATIONS[request.method]](input);
  }
};

async function streamed(sending, request, status) {
  const stream = sending.createReadStream();
  await new Promise((resolve, reject) => {
    sending.on('httpHeaders', () => setImmediate(resolve));
    stream.on('error', reject);
  });
  return { status: status(), body: await read(stream, request) };
}
