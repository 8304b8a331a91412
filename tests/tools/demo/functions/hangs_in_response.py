"""The peer takes the request and never answers; the function is killed by its time-out."""

import os
import urllib.request


def handler(event, context):
    return urllib.request.urlopen(f"{os.environ['API']}/slow").read()
