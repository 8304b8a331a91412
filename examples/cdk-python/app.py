"""Three functions, watched by aftercall."""

from aws_cdk import App, Stack
from aws_cdk.aws_lambda import Code, Function, LayerVersion, Runtime
from aws_cdk.aws_s3 import Bucket

app = App()
stack = Stack(app, "Shop")

layer = LayerVersion.from_layer_version_arn(stack, "Aftercall", app.node.get_context("aftercallLayer"))
environment = {
    "AWS_LAMBDA_EXEC_WRAPPER": "/opt/aftercall/wrapper",
    # Without an endpoint each invocation is a line in the function's log.
    "OTEL_EXPORTER_OTLP_ENDPOINT": app.node.get_context("otlpEndpoint"),
}
watched = {"layers": [layer], "environment": environment}

code = Code.from_asset("../functions")
Function(stack, "Orders", runtime=Runtime.PYTHON_3_13, handler="app.handler", code=code, **watched)
Function(stack, "Payments", runtime=Runtime.NODEJS_22_X, handler="index.handler", code=code, **watched)
Function(
    stack,
    "Shipping",
    runtime=Runtime.JAVA_21,
    handler="com.example.Shipping",
    code=Code.from_bucket(Bucket.from_bucket_name(stack, "Code", "shop-code"), "shipping.jar"),
    memory_size=512,
    **watched,
)

app.synth()
