'use strict';
// What OpenTelemetry's layer does before the runtime starts: loads the instrumentations that are enabled and no others,
// exports in batches, and lets the one of handlers flush when an invocation ends. The package's own `register` loads all
// there are and does not flush.

const { context, propagation, trace } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } = require('@opentelemetry/core');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { awsLambdaDetector } = require('@opentelemetry/resource-detector-aws');
const { defaultResource, detectResources, envDetector, processDetector } = require('@opentelemetry/resources');
const { BatchSpanProcessor, TracerProvider } = require('@opentelemetry/sdk-trace');

function instrumentation(name) {
  const [, Instrumentation] = Object.entries(require(`@opentelemetry/instrumentation-${name}`)).find(([exported]) =>
    exported.endsWith('Instrumentation'),
  );
  return new Instrumentation(name === 'aws-sdk' ? { suppressInternalInstrumentation: true } : {});
}

const detectors = [awsLambdaDetector, envDetector, processDetector];
const tracerProvider = new TracerProvider({
  resource: defaultResource().merge(detectResources({ detectors })),
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
});
trace.setGlobalTracerProvider(tracerProvider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(
  new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
);
const instrumentations = process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS.split(',').map(instrumentation);
registerInstrumentations({ instrumentations, tracerProvider });
