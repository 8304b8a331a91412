"""The function that is measured: makes calls with one library and tells its own CPU time, in nanoseconds.

An event is {"library", "url", "calls"}; the answer is {"calls": CPU of making them}. `entered` in every answer is the
process's CPU time when the handler was entered: what lies between two of them is a whole invocation, the runtime
client's work included.
"""

import time

clients: dict = {}


def handler(event, _context):
    entered = time.process_time_ns()
    calls = 0
    if event.get("calls"):
        call = clients.get(event["library"])
        if call is None:
            call = clients[event["library"]] = CLIENTS[event["library"]](event["url"])
        call(3)
        before = time.process_time_ns()
        call(event["calls"])
        calls = time.process_time_ns() - before
    return {"entered": entered, "calls": calls}


def use_http_client(url):
    import http.client

    connection = http.client.HTTPConnection(url.partition("//")[2])

    def call(times):
        for _ in range(times):
            connection.request("GET", "/items/1?fields=all", headers={"Accept": "application/json"})
            response = connection.getresponse()
            assert response.status == 200
            response.read()

    return call


def use_urllib3(url):
    import urllib3

    pool = urllib3.PoolManager()

    def call(times):
        for _ in range(times):
            assert pool.request("GET", f"{url}/items/1?fields=all").status == 200

    return call


def use_requests(url):
    import requests

    session = requests.Session()
    session.trust_env = False

    def call(times):
        for _ in range(times):
            assert session.get(f"{url}/items/1?fields=all").content

    return call


def use_boto3(url):
    import boto3

    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "eu-central-1"}
    client = boto3.client("dynamodb", endpoint_url=url, **keys)

    def call(times):
        for _ in range(times):
            assert client.get_item(TableName="items", Key={"id": {"S": "1"}})["Item"]

    return call


def use_httpx(url):
    import httpx

    client = httpx.Client(trust_env=False)

    def call(times):
        for _ in range(times):
            assert client.get(f"{url}/items/1?fields=all").content

    return call


def use_aiohttp(url):
    import asyncio

    import aiohttp

    loop = asyncio.new_event_loop()

    async def opened():
        return aiohttp.ClientSession()

    session = loop.run_until_complete(opened())

    async def several(times):
        for _ in range(times):
            async with session.get(f"{url}/items/1?fields=all") as response:
                assert await response.read()

    return lambda times: loop.run_until_complete(several(times))


CLIENTS = {
    "http.client": use_http_client,
    "urllib3": use_urllib3,
    "requests": use_requests,
    "boto3": use_boto3,
    "httpx": use_httpx,
    "aiohttp": use_aiohttp,
}
