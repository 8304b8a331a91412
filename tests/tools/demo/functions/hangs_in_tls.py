"""The peer takes the connection and never says a word of TLS; the function is killed by its time-out."""

import os

import requests


def handler(event, context):
    requests.get(f"{os.environ['API']}/orders/42", timeout=5)
    return requests.get(os.environ["SILENT"]).json()
