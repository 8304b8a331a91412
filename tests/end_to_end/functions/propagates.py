"""Calls the event's URL with each client: as it is, and with a `traceparent` of its own."""

import asyncio
import urllib.request

import aiohttp
import boto3
import httpx
import requests
import urllib3

OWN = {"traceparent": "the-users-own"}
KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "eu-central-1"}


async def by_aiohttp(url, headers):
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        await response.read()


async def by_httpx_async(url, headers):
    async with httpx.AsyncClient() as client:
        await client.get(url, headers=headers)


CLIENTS = {
    "urllib": lambda url, headers: urllib.request.urlopen(urllib.request.Request(url, headers=headers)).read(),
    "urllib3": lambda url, headers: urllib3.PoolManager().request("GET", url, headers=headers),
    "requests": lambda url, headers: requests.get(url, headers=headers),
    "httpx": lambda url, headers: httpx.get(url, headers=headers),
    "httpx-async": lambda url, headers: asyncio.run(by_httpx_async(url, headers)),
    "aiohttp": lambda url, headers: asyncio.run(by_aiohttp(url, headers)),
}


def handler(event, context):
    for name, call in CLIENTS.items():
        call(f"{event['url']}/{name}", {})
        call(f"{event['url']}/{name}/own", OWN)
    boto3.client("s3", endpoint_url=event["url"], **KEYS).get_object(Bucket="signed", Key="key")
