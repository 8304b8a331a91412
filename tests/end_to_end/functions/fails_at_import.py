import no_such_module_anywhere  # type: ignore[import-not-found]  # what this function is about


def handler(event, context):
    return no_such_module_anywhere
