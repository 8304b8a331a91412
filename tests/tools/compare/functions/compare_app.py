"""The function that is measured: {"library", "url"} makes the client, {"library", "calls"} makes calls with it."""

from bench_app import CLIENTS

clients: dict = {}


def handler(event, _context):
    if "url" in event:
        clients[event["library"]] = CLIENTS[event["library"]](event["url"])
    if "calls" in event:
        clients[event["library"]](event["calls"])
    return {}
