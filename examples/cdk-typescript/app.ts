import { App, Stack } from "aws-cdk-lib";
import { Code, Function, LayerVersion, Runtime } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";

const app = new App();
const stack = new Stack(app, "Shop");

const layers = [LayerVersion.fromLayerVersionArn(stack, "Aftercall", app.node.getContext("aftercallLayer"))];
const environment = {
  AWS_LAMBDA_EXEC_WRAPPER: "/opt/aftercall/wrapper",
  // Without an endpoint each invocation is a line in the function's log.
  OTEL_EXPORTER_OTLP_ENDPOINT: app.node.getContext("otlpEndpoint") as string,
};

const code = Code.fromAsset("../functions");
new Function(stack, "Orders", { runtime: Runtime.PYTHON_3_13, handler: "app.handler", code, layers, environment });
new Function(stack, "Payments", { runtime: Runtime.NODEJS_22_X, handler: "index.handler", code, layers, environment });
new Function(stack, "Shipping", {
  runtime: Runtime.JAVA_21,
  handler: "com.example.Shipping",
  code: Code.fromBucket(Bucket.fromBucketName(stack, "Code", "shop-code"), "shipping.jar"),
  memorySize: 512,
  layers,
  environment,
});
