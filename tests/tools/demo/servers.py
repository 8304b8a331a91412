"""What the demo's functions call: a small HTTP API, a peer that never speaks TLS, moto as AWS, and each other."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from typing import TYPE_CHECKING

import boto3
from aiohttp import web

from tests.moto_server import moto_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from aftercall.sandbox import Sandbox

CREDENTIALS = {"aws_access_key_id": "demo", "aws_secret_access_key": "demo", "region_name": "us-east-1"}


@contextlib.asynccontextmanager
async def api() -> AsyncIterator[str]:
    """`/orders/<id>`, `/hooks/*`, and `/slow`, which never answers. Gives its URL."""
    closing = asyncio.Event()

    async def order(request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if not number.isdigit():
            return web.json_response({"message": f"no order {number}"}, status=404)
        return web.json_response({"id": number, "item": "espresso machine", "card_token": "tok_4242424242424242"})

    async def hook(_request: web.Request) -> web.Response:
        return web.Response(status=202)

    async def slow(_request: web.Request) -> web.Response:
        await closing.wait()
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/orders/{number}", order), web.post("/hooks/{name}", hook), web.get("/slow", slow)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        closing.set()
        await runner.cleanup()


@contextlib.asynccontextmanager
async def function_url(sandbox: Sandbox) -> AsyncIterator[str]:
    """A function's URL, as Lambda's own: requests are events (payload format 2.0), answers have a status and a body."""

    async def serve(request: web.Request) -> web.Response:
        event = {
            "version": "2.0",
            "rawPath": request.path,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "requestContext": {"http": {"method": request.method, "path": request.path}},
            "body": await request.text(),
            "isBase64Encoded": False,
        }
        outcome = await sandbox.invoke(event)
        if outcome.response is None:
            return web.json_response({"message": "Internal Server Error"}, status=502)
        answer = json.loads(outcome.response)
        return web.Response(status=answer["statusCode"], text=answer["body"], content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """Takes connections and never speaks. Gives an https URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(listener.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}/payments"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in taken:
                connection.close()


@contextlib.contextmanager
def aws() -> Iterator[str]:
    """moto's server with a bucket and a table in it. Gives its URL, for AWS_ENDPOINT_URL."""
    with moto_server() as url:
        boto3.client("s3", endpoint_url=url, **CREDENTIALS).create_bucket(Bucket="receipts")
        boto3.client("dynamodb", endpoint_url=url, **CREDENTIALS).create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield url
