'use strict';
// What OpenTelemetry's layer does before the runtime starts: instrumentations that know the provider, so that the one of
// handlers flushes it when an invocation ends. The package's own `register` starts it without.

const { trace } = require('@opentelemetry/api');
const { getNodeAutoInstrumentations, getResourceDetectors } = require('@opentelemetry/auto-instrumentations-node');
const { NodeSDK } = require('@opentelemetry/sdk-node');

const instrumentations = getNodeAutoInstrumentations();
new NodeSDK({ instrumentations, resourceDetectors: getResourceDetectors() }).start();
for (const one of instrumentations) one.setTracerProvider(trace.getTracerProvider());
