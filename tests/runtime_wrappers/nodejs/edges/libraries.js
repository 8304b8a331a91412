'use strict';
// The same exchanges through each client library: what its user gets, whatever happens on the wire.

const http = require('http');

const PATHS = [
  '/plain', '/json', '/json-error', '/headers', '/large', '/dribble', '/trailers', '/empty', '/not-modified', '/not-found',
  '/redirect', '/hints', '/close', '/cut', '/cut-chunk', '/reset', '/hang-up', '/garbage', '/two-lengths', '/http-1.0',
  '/many-cookies', '/gzip', '/events',
];

// What the library waits for in vain by itself, and what is signed anew each time.
const LEFT_OUT = { 'aws-sdk-2': ['/cut', '/cut-chunk', '/headers'], 'aws-sdk-3': ['/headers'] };

module.exports = ({ url, packages }) => {
  const found = {};
  for (const [library, { get, post }] of Object.entries(clients(packages))) {
    for (const path of PATHS) {
      if (LEFT_OUT[library]?.includes(path)) continue;
      found[`${library} ${path}`] = () => get(url + path);
    }
    found[`${library} post`] = () => post(`${url}/echo`, 'some text');
    found[`${library} early answer`] = () => post(`${url}/early`, 'x'.repeat(100_000));
    found[`${library} abort before`] = () => get(`${url}/plain`, AbortSignal.abort());
    found[`${library} abort in head`] = () => get(`${url}/silent`, AbortSignal.timeout(50));
    found[`${library} abort in body`] = () => get(`${url}/silent-body`, AbortSignal.timeout(50));
    found[`${library} abort with reason`] = () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new RangeError('mine')), 30);
      return get(`${url}/silent`, controller.signal);
    };
    found[`${library} refused`] = () => get('http://127.0.0.1:9/');
    found[`${library} four at once`] = () =>
      Promise.all(['/plain', '/dribble', '/json', '/not-found'].map((path) => get(url + path)));
    found[`${library} nobody waits`] = async () => {
      get('http://127.0.0.1:9/'); // rejected, with nobody to handle it
      await new Promise((resolve) => setTimeout(resolve, 100));
      return 'went on';
    };
  }
  return found;
};

/** Each is {get(url, signal), post(url, body, signal)}: what the user sees, in JSON. */
function clients(packages) {
  const named = (name) => require(`${packages}/${name}`);
  const summary = (status, headers, text) => ({ status, headers: [...headers], size: text.length, text: text.slice(0, 200) });
  const fetching = (fetch_) => {
    const call = async (url, options) => {
      const response = await fetch_(url, options);
      const headers = [...response.headers].filter(([name]) => name !== 'date');
      return { ...summary(response.status, headers, await response.text()), redirected: response.redirected };
    };
    return {
      get: (url, signal) => call(url, { signal }),
      post: (url, body, signal) => call(url, { method: 'POST', body, signal }),
    };
  };
  const undici = (name) => {
    const { request } = named(name);
    const call = async (url, options) => {
      const { statusCode, headers, trailers, body } = await request(url, options);
      delete headers.date;
      return { ...summary(statusCode, Object.entries(headers), await body.text()), trailers };
    };
    return {
      get: (url, signal) => call(url, { signal }),
      post: (url, body, signal) => call(url, { method: 'POST', body, signal }),
    };
  };
  const axios = named('axios').create({ proxy: false, responseType: 'text', transformResponse: (text) => text });
  const axiosCall = async (options) => {
    const { status, headers, data } = await axios.request(options);
    return summary(status, Object.entries({ ...headers, date: undefined }), String(data));
  };
  const superagent = named('superagent');
  const superagentCall = async (sending, signal) => {
    if (signal) signal.addEventListener('abort', () => sending.abort());
    if (signal && signal.aborted) sending.abort();
    const response = await sending;
    return summary(response.status, Object.entries({ ...response.headers, date: undefined }), String(response.text));
  };
  const answered = (response) => summary(response.statusCode, Object.entries({ ...response.headers, date: undefined }), String(response.body));
  const gotCall = async (url, options) => {
    const { got } = await import(`${packages}/got/dist/source/index.js`);
    const response = await got(url, { retry: { limit: 0 }, throwHttpErrors: false, responseType: 'text', ...options });
    return { ...answered(response), redirected: response.redirectUrls.length };
  };
  const found = {
    http: { get: (url, signal) => byHttp(url, { signal }), post: (url, body, signal) => byHttp(url, { method: 'POST', signal }, body) },
    fetch: fetching((url, options) => fetch(url, { ...options, keepalive: false })),
    'undici-5': undici('undici-5'),
    'undici-6': undici('undici'),
    'node-fetch-2': fetching(named('node-fetch-2')),
    axios: {
      get: (url, signal) => axiosCall({ url, signal }),
      post: (url, data, signal) => axiosCall({ url, method: 'POST', data, signal }),
    },
    got: {
      get: (url, signal) => gotCall(url, signal ? { signal } : {}),
      post: (url, body) => gotCall(url, { method: 'POST', body }),
    },
    'aws-sdk-2': aws2(named),
    'aws-sdk-3': aws3(named),
    superagent: {
      get: (url, signal) => superagentCall(superagent.get(url), signal),
      post: (url, body, signal) => superagentCall(superagent.post(url).type('text/plain').send(body), signal),
    },
  };
  return found;
}

const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' };
const BUCKET = { Bucket: 'bucket', Key: 'key' };

/** S3 of the AWS SDK v2, whose requests are sent to the path that is wanted. */
function aws2(named) {
  process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
  const call = (url, operation, input, signal) => {
    const AWS = named('aws-sdk');
    const { origin, pathname } = new URL(url);
    const options = { endpoint: origin, region: 'eu-west-1', credentials: new AWS.Credentials(CREDENTIALS) };
    const sending = new AWS.S3({ ...options, s3ForcePathStyle: true, maxRetries: 0 })[operation]({ ...BUCKET, ...input });
    sending.on('build', ({ httpRequest }) => {
      httpRequest.path = pathname;
    });
    let head = [];
    sending.on('httpHeaders', (status, headers) => {
      head = [status, { ...headers, date: undefined }];
    });
    if (signal) signal.addEventListener('abort', () => sending.abort());
    if (signal && signal.aborted) sending.abort();
    return sending.promise().then(({ Body }) => [...head, String(Body).slice(0, 200), String(Body).length]);
  };
  return {
    get: (url, signal) => call(url, 'getObject', {}, signal),
    post: (url, body, signal) => call(url, 'putObject', { Body: body }, signal),
  };
}

/** The same of v3. */
function aws3(named) {
  const call = async (url, operation, input, signal) => {
    const s3 = named('@aws-sdk/client-s3');
    const { origin, pathname } = new URL(url);
    const plain = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' };
    const options = { endpoint: origin, region: 'eu-west-1', credentials: CREDENTIALS, forcePathStyle: true, maxAttempts: 1 };
    const client = new s3.S3Client({ ...options, ...plain });
    const toPath = (next) => (step) => {
      step.request.path = pathname;
      return next(step);
    };
    client.middlewareStack.add(toPath, { step: 'build', priority: 'low' });
    const { $metadata, Body, ContentLength, ContentType, ETag } = await client.send(
      new s3[`${operation}Command`]({ ...BUCKET, ...input }),
      { abortSignal: signal },
    );
    const body = Body ? await Body.transformToString() : '';
    return [$metadata.httpStatusCode, $metadata.attempts, ContentLength, ContentType, ETag, body.slice(0, 200), body.length];
  };
  return {
    get: (url, signal) => call(url, 'GetObject', {}, signal),
    post: (url, body, signal) => call(url, 'PutObject', { Body: body }, signal),
  };
}

function byHttp(url, options, body) {
  return new Promise((resolve, reject) => {
    const events = [];
    const request = http.request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      for (const event of ['end', 'close', 'error', 'aborted']) {
        response.on(event, (error) => {
          events.push([`response ${event}`, error && error.code, response.complete]);
          if (event !== 'close') return;
          const { statusCode, rawHeaders, trailers } = response;
          const headers = rawHeaders.map((one, at) => (at % 2 && /^date$/i.test(rawHeaders[at - 1]) ? '' : one));
          resolve({ statusCode, headers, trailers, size: text.length, text: text.slice(0, 200), events });
        });
      }
    });
    for (const event of ['socket', 'finish', 'response', 'information', 'continue', 'abort', 'close']) {
      request.on(event, () => events.push(event));
    }
    request.on('error', (error) => {
      if (!request.res) reject(Object.assign(error, { events }));
    });
    request.end(body);
  });
}
