"""An ordinary function: an API by requests, two AWS services by boto3, a webhook by urllib."""

import json
import os
import urllib.request

import boto3
import requests

s3 = boto3.client("s3")
orders = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    order = requests.get(f"{os.environ['API']}/orders/{event['order']}", timeout=5).json()
    s3.put_object(Bucket="receipts", Key=f"{order['id']}.json", Body=json.dumps(order))
    orders.put_item(Item=order)
    webhook = urllib.request.Request(
        f"{os.environ['API']}/hooks/shipped", data=json.dumps(order).encode(), method="POST"
    )
    with urllib.request.urlopen(webhook, timeout=5) as answer:
        return {"shipped": order["id"], "webhook": answer.status}
