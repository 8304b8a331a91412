'use strict';
// The AWS SDK for JavaScript v3: the path is bucket and key of an S3 object; `aws` names another service's call.

const http = require('http');
const https = require('https');

const { read } = require('./reading');

const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const OPERATIONS = { GET: 'GetObject', PUT: 'PutObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' };

module.exports = async (packages) => {
  const s3 = packages.require('@aws-sdk/client-s3');
  const dynamodb = packages.require('@aws-sdk/client-dynamodb');
  const sqs = packages.require('@aws-sdk/client-sqs');
  const { NodeHttpHandler } = packages.require('@smithy/node-http-handler');

  function configuration(session, endpoint) {
    return {
      endpoint,
      region: 'eu-west-1',
      credentials: CREDENTIALS,
      forcePathStyle: true,
      maxAttempts: session.settings.retries + 1,
      requestHandler: session.handler,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    };
  }

  return {
    open(settings) {
      const options = { keepAlive: true, maxSockets: settings.limit || 50 };
      const agents = { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
      const milliseconds = settings.timeout * 1000;
      const handler = new NodeHttpHandler({
        ...agents,
        connectionTimeout: milliseconds,
        requestTimeout: milliseconds,
        throwOnRequestTimeout: true,
        socketTimeout: milliseconds,
      });
      return { settings, handler };
    },

    close: ({ handler }) => handler.destroy(),

    async call(session, request) {
      const url = new URL(request.url);
      const options = configuration(session, url.origin);
      try {
        return request.aws ? await service(options, request) : await object(options, url, request);
      } catch (error) {
        const status = error.$response && error.$response.statusCode;
        if (!status || !error.$metadata || error.code) throw error;
        return { status, body: Buffer.alloc(0) };
      }
    },
  };

  async function service(options, { aws }) {
    const answer =
      aws === 'dynamodb'
        ? await new dynamodb.DynamoDBClient(options).send(
            new dynamodb.GetItemCommand({ TableName: 'orders', Key: { id: { S: '17' } } }),
          )
        : await new sqs.SQSClient({ ...options, md5: false }).send(
            new sqs.SendMessageCommand({ QueueUrl: `${options.endpoint}/17/orders`, MessageBody: 'hello' }),
          );
    return { status: answer.$metadata.httpStatusCode, body: Buffer.alloc(0) };
  }

  async function object(options, url, request) {
    const [, bucket, key] = /^\/([^/]+)\/(.*)$/.exec(decodeURIComponent(url.pathname));
    const input = { Bucket: bucket, Key: key };
    if (request.body !== null) {
      input.Body = request.body.stream || request.body.bytes;
      if (request.body.size) input.ContentLength = request.body.size;
    }
    const answer = await new s3.S3Client(options).send(new s3[`${OPERATIONS[request.method]}Command`](input));
    const body = request.method === 'GET' && answer.Body ? await read(answer.Body, request) : Buffer.alloc(0);
    return { status: answer.$metadata.httpStatusCode, body };
  }
};
