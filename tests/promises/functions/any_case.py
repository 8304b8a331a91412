"""One function for many cases: the event names the module and the function that answers it."""

import importlib


def handler(event, context):
    module, _, name = event["do"].rpartition(".")
    return getattr(importlib.import_module(module), name)(event, context)
