"""Asks AWS by boto3 what the event says: [{"boto3", "operation", "input"}]; answers with each one's error code."""

import base64

import boto3
import botocore.exceptions
from botocore import xform_name
from botocore.config import Config

CLIENTS: dict = {}


def handler(event, context):
    return [ask(one["boto3"], one["operation"], one["input"]) for one in event]


def ask(service, operation, given):
    try:
        getattr(client(service), xform_name(operation))(**plain(given))
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def client(name):
    if name not in CLIENTS:
        CLIENTS[name] = boto3.client(name, config=Config(retries={"total_max_attempts": 1}))
    return CLIENTS[name]


def plain(value):
    if isinstance(value, dict):
        return (
            base64.b64decode(value["base64"]) if list(value) == ["base64"] else {k: plain(v) for k, v in value.items()}
        )
    return [plain(item) for item in value] if isinstance(value, list) else value
