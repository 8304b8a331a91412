"""Handlers that need nothing but the standard library."""

import json
import os
import time
import urllib.request


def ok(event, context):
    return {"echo": event}


def calls(event, context):
    with urllib.request.urlopen(event["url"], timeout=5) as answer:
        return {"status": answer.status, "size": len(answer.read())}


def posts_a_password(event, context):
    body = json.dumps({"user": "ada", "password": "correct horse battery staple"}).encode()
    headers = {"Authorization": "Bearer abcdef0123456789", "Content-Type": "application/json"}
    request = urllib.request.Request(event["url"] + "?token=0123456789abcdef", data=body, headers=headers)
    return urllib.request.urlopen(request, timeout=5).status


def raises(event, context):
    raise ValueError(f"no such order: {event}")


def sleeps(event, context):
    time.sleep(event["seconds"])


def exits(event, context):
    os._exit(3)


def calls_and_hangs(event, context):
    return urllib.request.urlopen(event["url"]).read().decode()


def looks_around(event, context):
    import sys

    return {
        "environment": dict(os.environ),
        "path": sys.path,
        "argv": sys.argv,
        "orig_argv": list(getattr(sys, "orig_argv", [])),
        "modules": sorted(sys.modules),
    }


def raises_at_length(event, context):
    raise ValueError("no such order: " + "x" * event["length"])


def answers_500(event, context):
    return {"statusCode": 500, "body": "no"}
