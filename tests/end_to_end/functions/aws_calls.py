"""Calls AWS by boto3, as the event says: {"url", "calls": [[service, operation, arguments]]}."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "eu-central-1"}
CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 2})


def handler(event, context):
    return [call(event["url"], *one) for one in event.get("calls", ())]


def call(url, service, operation, arguments):
    client = boto3.client(service, endpoint_url=url, config=CONFIG, **KEYS)
    try:
        getattr(client, operation)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "ok"
