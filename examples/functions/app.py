import urllib.request


def handler(event, context):
    with urllib.request.urlopen("https://example.com/") as answer:
        return {"statusCode": answer.status}
