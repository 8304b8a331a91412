"""boto3 against our own server: the path is bucket and key of an S3 object; `aws` names another service's call."""

import threading
from urllib.parse import urlsplit

import boto3
import botocore.config  # has no types
import botocore.exceptions  # has no types

AWS_CALLS = {
    "dynamodb": lambda client: client.get_item(TableName="orders", Key={"id": {"S": "17"}}),
    "sqs": lambda client: client.send_message(QueueUrl=client.meta.endpoint_url + "/17/orders", MessageBody="hello"),
}


# One for all, since it caches the services' models; a client of its own for each session.
AWS = boto3.Session(region_name="eu-west-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="test")


class Session:
    def __init__(self, settings, module):
        self.settings = settings
        self.lock = threading.Lock()
        self.clients = {}

    def client(self, service, endpoint):
        with self.lock:
            if (service, endpoint) not in self.clients:
                self.clients[service, endpoint] = self.connect(service, endpoint)
            return self.clients[service, endpoint]

    def connect(self, service, endpoint):
        settings = self.settings
        config = botocore.config.Config(
            connect_timeout=settings.timeout,
            read_timeout=settings.timeout,
            max_pool_connections=20,
            retries={"total_max_attempts": settings.retries + 1, "mode": "standard"},
            s3={"addressing_style": "path"},
            proxies={"http": settings.proxy, "https": settings.proxy} if settings.proxy else {},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return AWS.client(service, endpoint_url=endpoint, config=config, verify=settings.trust)

    def close(self):
        for client in self.clients.values():
            client.close()


def call(session, request):
    parts = urlsplit(request.url)
    client = session.client(request.aws or "s3", parts.scheme + "://" + parts.netloc)
    try:
        if request.aws:
            answer = AWS_CALLS[request.aws](client)
            return answer["ResponseMetadata"]["HTTPStatusCode"], b""
        return s3(client, parts.path, request)
    except botocore.exceptions.ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], b""


def s3(client, path, request):
    bucket, _, key = path.lstrip("/").partition("/")
    operation = getattr(
        client, {"GET": "get", "PUT": "put", "HEAD": "head", "DELETE": "delete"}[request.method] + "_object"
    )
    body = {"Body": request.body} if request.method == "PUT" else {}
    answer = operation(Bucket=bucket, Key=key, **body)
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status, read(answer["Body"], request) if request.method == "GET" else b""


def read(body, request):
    if request.reading == "whole":
        return body.read()
    if request.reading == "unread":
        return b""
    pieces = []
    for piece in body.iter_chunks(1000):
        request.on_piece(piece)
        pieces.append(piece)
        if request.reading == "part":
            body.close()
            return piece
    return b"".join(pieces)
