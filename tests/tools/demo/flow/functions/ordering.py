"""The flow's first function, behind an API: puts each order into the queue."""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    orders = json.loads(event["body"])
    for order in orders:
        sqs.send_message(QueueUrl=os.environ["ORDERS"], MessageBody=json.dumps(order))
    return {"statusCode": 202, "body": json.dumps({"taken": len(orders)})}
