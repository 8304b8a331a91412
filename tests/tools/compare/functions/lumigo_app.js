'use strict';
// The module to which Lumigo's layer redirects: wraps the handler that LUMIGO_ORIGINAL_HANDLER names.

const tracer = require('@lumigo/tracer')();
const [, file, name] = process.env.LUMIGO_ORIGINAL_HANDLER.match(/^(.*)\.([^.]+)$/);

exports.handler = tracer.trace(require(`./${file}.js`)[name]);
