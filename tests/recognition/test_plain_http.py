"""Calls that are not of AWS: templates of URLs, GraphQL, JSON-RPC, well-known APIs."""

from __future__ import annotations

import pytest

from aftercall.recognition.calls import operation_of
from aftercall.recognition.url_templates import template_of
from tests.recognition.calls import exchange, operation

TEMPLATES = {
    "/users/42": "/users/{id}",
    "/users/0190f5a1-7b1c-7000-8000-123456789abc/orders": "/users/{id}/orders",
    "/users/01ARZ3NDEKTSV4RRFFQ69G5FAV": "/users/{id}",
    "/objects/507f1f77bcf86cd799439011": "/objects/{id}",
    "/blobs/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08": "/blobs/{id}",
    "/v1/customers/cus_NffrFeUfNV2Hib": "/v1/customers/{id}",
    "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json": "/2010-04-01/Accounts/{id}/Messages.json",
    "/reports/2026-08-29": "/reports/{date}",
    "/reports/2026-08-29T10:15:00Z/x": "/reports/{date}/x",
    "/files/12345.json": "/files/{id}.json",
    "/phones/+4915112345678": "/phones/{id}",
    "/ids/1,2,3": "/ids/{id}",
    "/mail/ann@example.com": "/mail/{email}",
    "/mail/ann1%40example.com": "/mail/{email}",
    "/tags/arn%3Aaws%3Asqs%3Aeu-west-1%3A1%3Ax": "/tags/{arn}",
    "/ab12cd34-12": "/ab12cd34-12",
    # Words stay as they are.
    "/v1/orders": "/v1/orders",
    "/api/v2/product-2024-sale": "/api/v2/product-2024-sale",
    "/oauth2/token": "/oauth2/token",
    "/facade/decade": "/facade/decade",
    "/users/ann": "/users/ann",
    "/s3/sha256/x86_64/utf8": "/s3/sha256/x86_64/utf8",
    "/files/report-v2.pdf": "/files/report-v2.pdf",
    "/a//b/": "/a//b/",
}
APIS = {
    "https://api.telegram.org/bot123456:AAF-x_y/sendMessage": ("Telegram", "/bot{token}/sendMessage"),
    "https://hooks.slack.com/services/T0A/B0C/abcDEF123": ("Slack", "/services/{team}/{app}/{token}"),
    "https://slack.com/api/chat.postMessage": ("Slack", "/api/chat.postMessage"),
    "https://api.github.com/repos/octo/cat/issues/7": ("GitHub", "/repos/{owner}/{repo}/issues/{id}"),
    "https://api.stripe.com/v1/charges/ch_3MmlLrLkdIwHu7ix0snN0B15": ("Stripe", "/v1/charges/{id}"),
    "https://api.twilio.com/2010-04-01/Accounts/ACxyz/Calls.json": ("Twilio", "/2010-04-01/Accounts/{AccountSid}/Calls.json"),
    "https://discord.com/api/webhooks/1234/tokenABC": ("Discord", "/api/webhooks/{webhook.id}/{webhook.token}"),
    "https://discord.com/api/v10/webhooks/1234/tokenABC": ("Discord", "/api/v{version}/webhooks/{webhook.id}/{webhook.token}"),
    "https://HOOKS.slack.com:443/triggers/T0A/12/abcDEF123": ("Slack", "/triggers/{team}/{id}/{token}"),
    # Whoever knows such a path may post there: no word of it is told where no template says what it is.
    "https://hooks.slack.com/new/T0A/abcDEF123": ("Slack", ""),
    "https://x.webhook.office.com/webhookb2/abc@def/IncomingWebhook/ghi/jkl": None,
    "https://discordapp.com/api/webhooks/1234/tokenABC": None,
    "https://api.example.com/v1/charges/7": ("", "/v1/charges/{id}"),
}  # fmt: skip
DOCUMENTS = {
    "mutation CreateOrder($input: OrderInput!) { createOrder(input: $input) { id } }": ("mutation", "CreateOrder"),
    "query Orders { orders { id } }": ("query", "Orders"),
    "# who asks\nquery   Orders{orders{id}}": ("query", "Orders"),
    "{ orders { id } }": ("query", ""),
    "subscription { changed }": ("subscription", ""),
    "fragment F on Order { id } query Orders { orders { ...F } }": ("query", "Orders"),
    "query($id: ID!) { order(id: $id) { id } }": ("query", ""),
}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(("path", "template"), TEMPLATES.items())
def test_what_varies_is_named(path, template) -> None:
    assert template_of(path) == template
    found = operation(f"https://api.example.com{path}?page=2", "GET")
    assert (found.api, found.url_template, found.span_name) == ("http", template, f"GET {template}")
    assert found.attributes == {"url.template": template}


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_template_is_its_own(path) -> None:
    assert template_of(template_of(path)) == template_of(path)


@pytest.mark.parametrize(("url", "wanted"), APIS.items())
def test_known_apis_have_a_name_and_no_token_in_their_template(url, wanted) -> None:
    found = operation_of(exchange(url, "GET"))
    assert (None if found is None else (found.service, found.url_template)) == wanted


def test_a_path_without_words_says_nothing() -> None:
    for url in ("https://example.com", "https://example.com/", "https://example.com/?a=1", "not a url", ""):
        assert operation_of(exchange(url, "GET")) is None


def test_the_longest_path_is_cut() -> None:
    assert template_of("/a" * 10_000).endswith("/a/…")
    assert template_of("/" + "word" * 100) == "/{token}"


@pytest.mark.parametrize(("document", "wanted"), DOCUMENTS.items())
def test_graphql_operations_have_their_name(document, wanted) -> None:
    kind, name = wanted
    posted = operation("https://api.example.com/graphql", headers=JSON, body={"query": document, "variables": {}})
    assert (posted.api, posted.name, posted.span_name) == ("graphql", name, f"{kind} {name}".strip())
    assert posted.attributes["graphql.operation.type"] == kind
    assert posted.attributes["url.template"] == "/graphql"


def test_the_operation_that_is_meant_is_taken() -> None:
    body = {"query": "query A { a } mutation B { b }", "operationName": "B"}
    found = operation("https://api.example.com/graphql", body=body)
    assert found.span_name == "mutation B"


def test_graphql_in_a_query_string() -> None:
    found = operation("https://api.example.com/graphql?query=query%20Orders%20%7Borders%7Bid%7D%7D", "GET")
    assert (found.api, found.span_name) == ("graphql", "query Orders")


def test_graphql_documents_may_be_kept_by_the_server() -> None:
    body = {"operationName": "Orders", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab"}}}
    found = operation("https://api.example.com/graphql", body=body)
    assert (found.api, found.name) == ("graphql", "Orders")


def test_graphql_fails_with_200() -> None:
    answer = {"data": None, "errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}, {"message": "no"}]}
    found = operation("https://api.example.com/graphql", body={"query": "{ a }"}, answer=answer)
    assert (found.failed_items, found.error_code) == (2, "FORBIDDEN")


@pytest.mark.parametrize(
    "body", [{"query": "red shoes"}, {"query": {"match": {}}}, {"query": "querying"}, {"query": 1}]
)
def test_a_search_is_no_graphql(body) -> None:
    assert operation("https://search.example.com/_search", body=body).api == "http"


def test_json_rpc_methods_have_their_name() -> None:
    one = {"jsonrpc": "2.0", "id": 1, "method": "eth_getBalance", "params": []}
    error = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no"}}
    found = operation("https://node.example.com/", body=one, answer=error)
    assert (found.api, found.name, found.error_code, found.items) == ("json-rpc", "eth_getBalance", "-32601", None)
    batch = operation(
        "https://node.example.com/", body=[one, {**one, "method": "eth_call"}, one], answer=[error, {}, {}]
    )
    assert (batch.name, batch.items, batch.failed_items) == ("eth_getBalance, eth_call", 3, 1)
    assert batch.attributes["rpc.method"] == "eth_getBalance, eth_call"


def test_models_of_known_apis_tell_model_and_tokens() -> None:
    answer = {"usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}}
    found = operation(
        "https://api.openai.com/v1/chat/completions", body={"model": "gpt-6", "messages": []}, answer=answer
    )
    assert (found.service, found.resource) == ("OpenAI", "gpt-6")
    assert found.attributes["gen_ai.usage.input_tokens"] == 5
    assert found.attributes["gen_ai.usage.output_tokens"] == 7


URL = "https://abc123.lambda-url.eu-west-1.on.aws/orders/7"


@pytest.mark.parametrize(
    ("url", "answered", "sent"),
    [
        (URL, {"x-amzn-RequestId": "r-1"}, ["lambda:r-1"]),
        (URL, {}, []),
        ("https://api.example.com/orders/7", {"x-amzn-RequestId": "r-1"}, []),
        ("https://api.example.com/orders/7", {"Apigw-Requestid": "g-1"}, ["apigateway:g-1"]),
        ("https://api.example.com/orders/7", {"x-amz-apigw-id": "g", "x-amzn-RequestId": "r-1"}, ["apigateway:r-1"]),
    ],
)
def test_gateways_and_functions_answer_with_the_id_that_the_function_sees(url, answered, sent) -> None:
    assert operation(url, "GET", answered=answered).sent == sent
