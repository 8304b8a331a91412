'use strict';
// What the tables of http and http2 look at.

const { once } = require('events');
const { promisify } = require('util');

const pause = promisify(setTimeout);
const response = (request) => once(request, 'response').then(([one]) => one);
const counts = (emitter) => emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event)]);

module.exports = { counts, pause, response };
