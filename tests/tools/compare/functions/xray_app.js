'use strict';
// X-Ray's SDK has no layer: functions call this themselves, before they load what is to be watched.

const xray = require('aws-xray-sdk-core');

xray.captureHTTPsGlobal(require('http'));
xray.captureHTTPsGlobal(require('https'));
xray.capturePromise();
require('aws-xray-sdk-fetch').captureFetchGlobal();

exports.handler = require('./compare_app.js').handler;
