"""The probe's function for flows: sends one message by each service, and says with which ids. Python 3.9, boto3."""

import json
import os

import boto3


def handler(event, context):
    trace = os.environ.get("_X_AMZN_TRACE_ID", "")
    if event.get("invoked"):
        return {"trace": trace, "request_id": context.aws_request_id}
    sent = {}
    for name, send in SENDERS.items():
        try:
            sent[name] = send(event, context)
        except Exception as error:
            sent[name] = {"error": "%s: %s" % (type(error).__name__, error)}
    return {"trace": trace, "sent": sent}


def sqs(event, context):
    return {"id": boto3.client("sqs").send_message(QueueUrl=event["queue"], MessageBody="aftercall-probe")["MessageId"]}


def sns(event, context):
    return {"id": boto3.client("sns").publish(TopicArn=event["topic"], Message="aftercall-probe")["MessageId"]}


def eventbridge(event, context):
    entry = {"Source": "aftercall.probe", "DetailType": "probe", "Detail": json.dumps({"probe": event["name"]})}
    (put,) = boto3.client("events").put_events(Entries=[entry])["Entries"]
    return {"id": put["EventId"]} if put.get("EventId") else {"error": put.get("ErrorCode")}


def s3(event, context):
    etag = boto3.client("s3").put_object(Bucket=event["bucket"], Key="probe", Body=b"aftercall")["ETag"]
    return {"id": etag.strip('"')}


def lambda_(event, context):
    answer = boto3.client("lambda").invoke(FunctionName=context.function_name, Payload=b'{"invoked": true}')
    return {"id": answer["ResponseMetadata"]["RequestId"], "received": json.loads(answer["Payload"].read())}


SENDERS = {"SQS": sqs, "SNS": sns, "EventBridge": eventbridge, "S3": s3, "Lambda": lambda_}
