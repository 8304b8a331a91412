"""Structured documents that hold a secret: JSON, forms, XML, events. Written without the rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from random import Random

    from tests.masking.secrets import Secret

JSON, FORM, XML, TEXT = "application/json", "application/x-www-form-urlencoded", "application/xml", "text/plain"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"

HARMLESS = {"user": "maria", "region": "eu-west-1", "count": 12, "keyboard": "qwertz layout", "monkey": "capuchin"}
"""Stands beside the secret in most shapes."""


@dataclass(frozen=True)
class Document:
    data: bytes
    media_type: str
    headers: tuple[tuple[str, str], ...] = ()


def as_json(value: object, rng: Random) -> Document:
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, None, 2]))
    return Document(text.encode(), rng.choice([JSON, "application/json; charset=utf-8", "application/vnd.api+json"]))


def value_of(secret: Secret, rng: Random) -> object:
    return int(secret.value) if secret.kind == "number" and rng.random() < 0.5 else secret.value


def around(inner: dict[str, object], rng: Random) -> dict[str, object]:
    return {**HARMLESS, **inner, "after": "still here"} if rng.random() < 0.7 else {**inner, "region": "eu-west-1"}


def json_key(secret: Secret, rng: Random) -> Document:
    return as_json(around({secret.name: value_of(secret, rng)}, rng), rng)


def json_deep(secret: Secret, rng: Random) -> Document:
    value: object = around({secret.name: value_of(secret, rng)}, rng)
    for level in range(rng.randint(2, 30)):
        value = [value] if rng.random() < 0.3 else {f"level{level}": value, "id": level}
    return as_json(value, rng)


def json_many_levels(secret: Secret, rng: Random) -> Document:
    depth = rng.randint(200, 1500)
    inner = json.dumps({secret.name: secret.value})
    return Document(('{"a":[' * depth + inner + "]}" * depth).encode(), JSON)


def json_list_under_name(secret: Secret, rng: Random) -> Document:
    return as_json(around({secret.name: [value_of(secret, rng), "x"]}, rng), rng)


def json_object_under_name(secret: Secret, rng: Random) -> Document:
    return as_json(around({secret.name: {"value": secret.value, "version": 3}}, rng), rng)


def json_pairs(secret: Secret, rng: Random) -> Document:
    key, value = rng.choice([("name", "value"), ("Name", "Value"), ("key", "value"), ("Key", "Value"), ("k", "v")])
    pairs = [{key: "region", value: "eu-west-1"}, {key: secret.name, value: secret.value}]
    if rng.random() < 0.3:
        pairs[1] = {value: secret.value, key: secret.name}
    return as_json({"items": pairs, "user": "maria"}, rng)


def json_dynamodb(secret: Secret, rng: Random) -> Document:
    return as_json({"NewImage": {"id": {"S": "o-1"}, secret.name: {"S": secret.value}, "n": {"N": "3"}}}, rng)


def json_headers_list(secret: Secret, rng: Random) -> Document:
    return as_json({"headers": [["accept", "text/html"], [secret.name, secret.value]], "user": "maria"}, rng)


def json_escaped(secret: Secret, rng: Random) -> Document:
    """Every character of key and value as a \\u escape, as some serializers do."""

    def all_escaped(text: str) -> str:
        units = text.encode("utf-16-be")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

    name = all_escaped(secret.name) if rng.random() < 0.5 else secret.name
    return Document(f'{{"user":"maria","{name}":"{all_escaped(secret.value)}","n":1}}'.encode(), JSON)


def json_slashes(secret: Secret, rng: Random) -> Document:
    """As PHP writes JSON."""
    return Document(json.dumps({"user": "maria", secret.name: secret.value}).replace("/", "\\/").encode(), JSON)


def json_bom(secret: Secret, rng: Random) -> Document:
    return Document(b"\xef\xbb\xbf" + json_key(secret, rng).data, JSON)


def json_mislabelled(secret: Secret, rng: Random) -> Document:
    return Document(
        json_key(secret, rng).data, rng.choice(["", "text/plain", "text/html", "application/x-amz-json-1.1"])
    )


def ndjson(secret: Secret, rng: Random) -> Document:
    lines = [{"n": 1, "region": "eu-west-1"}, {secret.name: secret.value, "n": 2}, {"n": 3, "monkey": "capuchin"}]
    return Document("\n".join(json.dumps(line) for line in lines).encode(), rng.choice(["application/x-ndjson", JSON]))


def form(secret: Secret, rng: Random) -> Document:
    return Document(urlencode({"user": "maria", secret.name: secret.value, "region": "eu-west-1"}).encode(), FORM)


def form_percent(secret: Secret, rng: Random) -> Document:
    """Every byte percent-encoded."""
    coded = "".join(f"%{byte:02{rng.choice('xX')}}" for byte in secret.value.encode())
    return Document(f"user=maria&{quote(secret.name)}={coded}&region=eu-west-1".encode(), FORM)


def multipart(secret: Secret, rng: Random) -> Document:
    end = rng.choice(["\r\n", "\r\n", "\n"])
    quoted = rng.choice(['"', '"', ""]) if secret.name.isidentifier() else '"'
    text = end.join(
        [
            f"--{BOUNDARY}", 'Content-Disposition: form-data; name="user"', "", "maria",
            f"--{BOUNDARY}", f"Content-Disposition: form-data; name={quoted}{secret.name}{quoted}", "", secret.value,
            f"--{BOUNDARY}", 'Content-Disposition: form-data; name="region"', "Content-Type: text/plain", "", "eu-west-1",
            f"--{BOUNDARY}--", "",
        ]
    )  # fmt: skip
    return Document(text.encode(), f"multipart/form-data; boundary={BOUNDARY}")


def xml_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-." else "_" for letter in name)


def xml_element(secret: Secret, rng: Random) -> Document:
    name = rng.choice(["", "", "ns:"]) + xml_name(secret.name)
    attribute = rng.choice(["", ' Type="plain"', "\n  xml:lang='en' "])
    value = rng.choice([escape(secret.value), f"<![CDATA[{secret.value}]]>"])
    text = (
        f'<?xml version="1.0"?>\n<r xmlns:ns="urn:x"><user>maria</user><{name}{attribute}>{value}</{name}><n>1</n></r>'
    )
    return Document(text.encode(), rng.choice([XML, "text/xml; charset=utf-8", "application/soap+xml"]))


def xml_attribute(secret: Secret, rng: Random) -> Document:
    text = f'<login user="maria" {xml_name(secret.name)}={quoteattr(secret.value)} region="eu-west-1"/>'
    return Document(text.encode(), XML)


def xml_pair(secret: Secret, rng: Random) -> Document:
    value = quoteattr(secret.value)
    text = rng.choice(
        [
            f"<settings><add key={quoteattr(secret.name)} value={value}/><add key='region' value='eu-west-1'/></settings>",
            f"<Tag><Key>{escape(secret.name)}</Key><Value>{escape(secret.value)}</Value></Tag><user>maria</user>",
        ]
    )
    return Document(text.encode(), XML)


def json_prose(secret: Secret, rng: Random) -> Document:
    return as_json(around({"message": f"maria wrote: {secret.value}, for now"}, rng), rng)


def json_values(secret: Secret, rng: Random) -> Document:
    return as_json(["maria", secret.value, {"list": [secret.value, 3]}], rng)


def cookie_in_event(secret: Secret, rng: Random) -> Document:
    cookie = f"theme=dark; {secret.name}={secret.value}; lang=de"
    return as_json(
        {"headers": {"Cookie": cookie, "Accept": "*/*"}, "cookies": ["theme=dark", f"{secret.name}={secret.value}"]},
        rng,
    )


def header_in_event(secret: Secret, rng: Random) -> Document:
    return as_json(
        {"headers": {secret.name: secret.value}, "multiValueHeaders": {secret.name: [secret.value]}, "user": "maria"},
        rng,
    )


def query_in_event(secret: Secret, rng: Random) -> Document:
    query = urlencode({"page": "2", secret.name: secret.value, "sort": "up"})
    return as_json(
        {
            "rawPath": "/orders", "rawQueryString": query, "queryStringParameters": {"page": "2", secret.name: secret.value},
            "multiValueQueryStringParameters": {secret.name: [secret.value]}, "url": f"https://shop.example/orders?{query}",
        },
        rng,
    )  # fmt: skip


def fragment(secret: Secret, rng: Random) -> Document:
    url = f"https://app.example/callback#state=up&{quote(secret.name)}={quote(secret.value, safe='')}&expires_in=3600"
    return as_json({"redirect": url, "user": "maria"}, rng)


def json_far_pair(secret: Secret, rng: Random) -> Document:
    between = {
        "meta": {"tags": ["a", "b"], "owner": {"team": "shop"}},
        "description": "what it is for " * rng.randint(1, 60),
    }
    return as_json({"settings": [{"name": secret.name, **between, "value": secret.value}], "region": "eu-west-1"}, rng)


def json_parameter(secret: Secret, rng: Random) -> Document:
    """As the parameter store names things."""
    parameter = {"Name": f"/shop/prod/{secret.name}", "Type": "SecureString", "Value": secret.value, "Version": 3}
    return as_json({"Parameters": [parameter, {"Name": "/shop/prod/region", "Value": "eu-west-1"}]}, rng)


def json_parameters(secret: Secret, rng: Random) -> Document:
    keys = rng.choice([("ParameterKey", "ParameterValue"), ("field", "newValue"), ("OptionName", "OptionValue")])
    return as_json(
        [dict(zip(keys, pair, strict=True)) for pair in (("Level", "debug"), (secret.name, secret.value))], rng
    )


def json_patch(secret: Secret, rng: Random) -> Document:
    return as_json(
        [{"op": "replace", "path": f"/{secret.name}", "value": secret.value}, {"op": "remove", "path": "/color"}], rng
    )


def xml_entry(secret: Secret, rng: Random) -> Document:
    form = rng.choice(
        ["<entry key={n}>{v}</entry>", "<property name={n}><value>{v}</value></property>", "<add value={q} key={n}/>"]
    )
    text = form.format(n=quoteattr(secret.name), v=escape(secret.value), q=quoteattr(secret.value))
    return Document(f"<settings><entry key='level'>debug</entry>{text}</settings>".encode(), XML)
