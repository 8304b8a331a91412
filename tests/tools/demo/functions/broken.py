"""Asks for an order that is not there and trips over the answer."""

import os

import requests


def handler(event, context):
    answer = requests.get(f"{os.environ['API']}/orders/none", timeout=5)
    return answer.json()["id"]
