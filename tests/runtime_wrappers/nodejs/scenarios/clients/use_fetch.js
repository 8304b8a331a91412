'use strict';
// The global fetch. Its certificates are the process's (NODE_EXTRA_CA_CERTS).

const { formOf, readWeb } = require('./reading');

module.exports = async () => ({
  open: (settings) => ({ settings, unread: [] }),

  // Node.js 18 keeps what nobody reads.
  close: ({ unread }) => Promise.all(unread.map((body) => body.cancel())),

  async call({ settings, unread }, request) {
    const { method, headers, body, multipart } = request;
    const options = { method, headers };
    // Would fire for a body that nobody reads.
    if (request.reading !== 'unread') options.signal = AbortSignal.timeout(settings.timeout * 1000);
    if (multipart) options.body = formOf(multipart);
    else if (body !== null) Object.assign(options, { body: body.stream || body.bytes, duplex: 'half' });
    const response = await fetch(request.url, options);
    if (request.reading === 'unread') unread.push(response.body);
    const read = await readWeb(response.body, request);
    await new Promise(setImmediate); // then the connection is free
    return { status: response.status, body: read };
  },
});
