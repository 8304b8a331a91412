"""Where secrets stand: shapes of text that hold one. Written without the rules.

A shape takes a secret and gives bytes with their media type.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Callable
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


@dataclass(frozen=True)
class Shape:
    name: str
    build: Callable[[Secret, Random], Document]
    named: bool = True
    """The secret's name stands beside it; otherwise only secrets that tell themselves can be known here."""
    plain: bool = False
    """Nothing is quoted: values with separators in them cannot stand here."""
    one_line: bool = False


def as_json(value: object, rng: Random) -> Document:
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, None, 2]))
    return Document(text.encode(), rng.choice([JSON, "application/json; charset=utf-8", "application/vnd.api+json"]))


def _value(secret: Secret, rng: Random) -> object:
    return int(secret.value) if secret.kind == "number" and rng.random() < 0.5 else secret.value


def _around(inner: dict[str, object], rng: Random) -> dict[str, object]:
    return {**HARMLESS, **inner, "after": "still here"} if rng.random() < 0.7 else {**inner, "region": "eu-west-1"}


def _json_key(secret: Secret, rng: Random) -> Document:
    return as_json(_around({secret.name: _value(secret, rng)}, rng), rng)


def _json_deep(secret: Secret, rng: Random) -> Document:
    value: object = _around({secret.name: _value(secret, rng)}, rng)
    for level in range(rng.randint(2, 30)):
        value = [value] if rng.random() < 0.3 else {f"level{level}": value, "id": level}
    return as_json(value, rng)


def _json_many_levels(secret: Secret, rng: Random) -> Document:
    depth = rng.randint(200, 1500)
    inner = json.dumps({secret.name: secret.value})
    return Document(('{"a":[' * depth + inner + "]}" * depth).encode(), JSON)


def _json_list_under_name(secret: Secret, rng: Random) -> Document:
    return as_json(_around({secret.name: [_value(secret, rng), "x"]}, rng), rng)


def _json_object_under_name(secret: Secret, rng: Random) -> Document:
    return as_json(_around({secret.name: {"value": secret.value, "version": 3}}, rng), rng)


def _json_pairs(secret: Secret, rng: Random) -> Document:
    key, value = rng.choice([("name", "value"), ("Name", "Value"), ("key", "value"), ("Key", "Value"), ("k", "v")])
    pairs = [{key: "region", value: "eu-west-1"}, {key: secret.name, value: secret.value}]
    if rng.random() < 0.3:
        pairs[1] = {value: secret.value, key: secret.name}
    return as_json({"items": pairs, "user": "maria"}, rng)


def _json_dynamodb(secret: Secret, rng: Random) -> Document:
    return as_json({"NewImage": {"id": {"S": "o-1"}, secret.name: {"S": secret.value}, "n": {"N": "3"}}}, rng)


def _json_headers_list(secret: Secret, rng: Random) -> Document:
    return as_json({"headers": [["accept", "text/html"], [secret.name, secret.value]], "user": "maria"}, rng)


def _json_escaped(secret: Secret, rng: Random) -> Document:
    """Every character of key and value as a \\u escape, as some serializers do."""

    def all_escaped(text: str) -> str:
        units = text.encode("utf-16-be")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

    name = all_escaped(secret.name) if rng.random() < 0.5 else secret.name
    return Document(f'{{"user":"maria","{name}":"{all_escaped(secret.value)}","n":1}}'.encode(), JSON)


def _json_slashes(secret: Secret, rng: Random) -> Document:
    """As PHP writes JSON."""
    return Document(json.dumps({"user": "maria", secret.name: secret.value}).replace("/", "\\/").encode(), JSON)


def _json_bom(secret: Secret, rng: Random) -> Document:
    return Document(b"\xef\xbb\xbf" + _json_key(secret, rng).data, JSON)


def _json_mislabelled(secret: Secret, rng: Random) -> Document:
    return Document(
        _json_key(secret, rng).data, rng.choice(["", "text/plain", "text/html", "application/x-amz-json-1.1"])
    )


def _ndjson(secret: Secret, rng: Random) -> Document:
    lines = [{"n": 1, "region": "eu-west-1"}, {secret.name: secret.value, "n": 2}, {"n": 3, "monkey": "capuchin"}]
    return Document("\n".join(json.dumps(line) for line in lines).encode(), rng.choice(["application/x-ndjson", JSON]))


def _javascript(secret: Secret, rng: Random) -> Document:
    """As Node's util.inspect and Python's repr print objects into messages."""
    quoted = repr(secret.value)
    name = repr(secret.name) if rng.random() < 0.5 or not secret.name.isidentifier() else secret.name
    return Document(f"cannot connect with {{ user: 'maria', {name}: {quoted}, port: 5432 }}".encode(), TEXT)


def _form(secret: Secret, rng: Random) -> Document:
    return Document(urlencode({"user": "maria", secret.name: secret.value, "region": "eu-west-1"}).encode(), FORM)


def _form_percent(secret: Secret, rng: Random) -> Document:
    """Every byte percent-encoded."""
    coded = "".join(f"%{byte:02{rng.choice('xX')}}" for byte in secret.value.encode())
    return Document(f"user=maria&{quote(secret.name)}={coded}&region=eu-west-1".encode(), FORM)


def _multipart(secret: Secret, rng: Random) -> Document:
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


def _xml_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-." else "_" for letter in name)


def _xml_element(secret: Secret, rng: Random) -> Document:
    name = rng.choice(["", "", "ns:"]) + _xml_name(secret.name)
    attribute = rng.choice(["", ' Type="plain"', "\n  xml:lang='en' "])
    value = rng.choice([escape(secret.value), f"<![CDATA[{secret.value}]]>"])
    text = (
        f'<?xml version="1.0"?>\n<r xmlns:ns="urn:x"><user>maria</user><{name}{attribute}>{value}</{name}><n>1</n></r>'
    )
    return Document(text.encode(), rng.choice([XML, "text/xml; charset=utf-8", "application/soap+xml"]))


def _xml_attribute(secret: Secret, rng: Random) -> Document:
    text = f'<login user="maria" {_xml_name(secret.name)}={quoteattr(secret.value)} region="eu-west-1"/>'
    return Document(text.encode(), XML)


def _xml_pair(secret: Secret, rng: Random) -> Document:
    value = quoteattr(secret.value)
    text = rng.choice(
        [
            f"<settings><add key={quoteattr(secret.name)} value={value}/><add key='region' value='eu-west-1'/></settings>",
            f"<Tag><Key>{escape(secret.name)}</Key><Value>{escape(secret.value)}</Value></Tag><user>maria</user>",
        ]
    )
    return Document(text.encode(), XML)


def _assignment(secret: Secret, rng: Random) -> Document:
    between = rng.choice(["=", "=", ": ", " = ", "='", '="'])
    close = between[-1] if between[-1] in "'\"" else ""
    return Document(
        f"login of maria failed: {secret.name}{between}{secret.value}{close} host=db-1 tries=3".encode(), TEXT
    )


def _env_file(secret: Secret, rng: Random) -> Document:
    quote_mark = rng.choice(["", '"', "'"])
    return Document(
        f"REGION=eu-west-1\n{secret.name}={quote_mark}{secret.value}{quote_mark}\nUSER=maria\n".encode(), TEXT
    )


def _yaml(secret: Secret, rng: Random) -> Document:
    quote_mark = rng.choice(["", '"', "'"])
    text = f"db:\n  user: maria\n  {secret.name}: {quote_mark}{secret.value}{quote_mark}\n  region: eu-west-1\n"
    return Document(text.encode(), rng.choice(["application/yaml", TEXT]))


def _graphql(secret: Secret, rng: Random) -> Document:
    query = "mutation($i: Input!) { save(input: $i) { id } }"
    return as_json({"query": query, "variables": {"i": {secret.name: secret.value, "user": "maria"}}}, rng)


def _graphql_inline(secret: Secret, rng: Random) -> Document:
    query = f"mutation {{ save({_xml_name(secret.name).replace('-', '_').replace('.', '_')}: {json.dumps(secret.value)}) {{ id }} }}"
    return as_json({"query": query}, rng)


def _prose(secret: Secret, rng: Random) -> Document:
    return Document(f"maria wrote: use {secret.value} for now, in eu-west-1".encode(), rng.choice([TEXT, "text/html"]))


def _json_prose(secret: Secret, rng: Random) -> Document:
    return as_json(_around({"message": f"maria wrote: {secret.value}, for now"}, rng), rng)


def _json_values(secret: Secret, rng: Random) -> Document:
    return as_json(["maria", secret.value, {"list": [secret.value, 3]}], rng)


def _html(secret: Secret, rng: Random) -> Document:
    text = (
        f'<html><body><form><input type="hidden" name={quoteattr(secret.name)} value={quoteattr(secret.value)}></form>'
    )
    return Document(text.encode(), "text/html; charset=utf-8")


def _csv(secret: Secret, rng: Random) -> Document:
    return Document(f'id,who,what\n1,maria,"{secret.value}"\n2,jo,none\n'.encode(), "text/csv")


def _cookie_in_event(secret: Secret, rng: Random) -> Document:
    cookie = f"theme=dark; {secret.name}={secret.value}; lang=de"
    return as_json(
        {"headers": {"Cookie": cookie, "Accept": "*/*"}, "cookies": ["theme=dark", f"{secret.name}={secret.value}"]},
        rng,
    )


def _header_in_event(secret: Secret, rng: Random) -> Document:
    return as_json(
        {"headers": {secret.name: secret.value}, "multiValueHeaders": {secret.name: [secret.value]}, "user": "maria"},
        rng,
    )


def _query_in_event(secret: Secret, rng: Random) -> Document:
    query = urlencode({"page": "2", secret.name: secret.value, "sort": "up"})
    return as_json(
        {
            "rawPath": "/orders", "rawQueryString": query, "queryStringParameters": {"page": "2", secret.name: secret.value},
            "multiValueQueryStringParameters": {secret.name: [secret.value]}, "url": f"https://shop.example/orders?{query}",
        },
        rng,
    )  # fmt: skip


def _fragment(secret: Secret, rng: Random) -> Document:
    url = f"https://app.example/callback#state=up&{quote(secret.name)}={quote(secret.value, safe='')}&expires_in=3600"
    return as_json({"redirect": url, "user": "maria"}, rng)


def _bytes_repr(secret: Secret, rng: Random) -> Document:
    body = json.dumps({"user": "maria", secret.name: secret.value})
    return Document(f"unexpected answer: {body.encode()!r}".encode(), TEXT)


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_.]", "-", name).lower()


def _flag(secret: Secret, rng: Random) -> Document:
    """As subprocess and child_process tell which command failed."""
    flag = "--" + _kebab(secret.name)
    words = ["tool", "run", flag, secret.value, "--region", "eu-west-1"]
    return Document(f"Command failed: {rng.choice([' '.join(words), repr(words), json.dumps(words)])}".encode(), TEXT)


def _flag_with_sign(secret: Secret, rng: Random) -> Document:
    words = ["tool", "--" + _kebab(secret.name), "--region=eu-west-1"]
    words[1] += f"={secret.value}"
    return Document(f"Command {rng.choice([' '.join(words), repr(words)])!s} returned non-zero".encode(), TEXT)


def _said(secret: Secret, rng: Random) -> Document:
    text = rng.choice(
        ["invalid {} '{}' for maria", 'the {} "{}" was refused', "WITH {} '{}' NOLOGIN", "bad {} `{}`, bye"]
    )
    return Document(text.format(secret.name, secret.value).encode(), TEXT)


def _yaml_block(secret: Secret, rng: Random) -> Document:
    indented = "\n".join("    " + line for line in secret.value.split("\n"))
    text = (
        f"db:\n  user: maria\n  {secret.name}: {rng.choice(['|', '>', '|-', '>-'])}\n{indented}\n  region: eu-west-1\n"
    )
    return Document(text.encode(), "application/yaml")


def _php(secret: Secret, rng: Random) -> Document:
    """As PHP's serialize() writes sessions."""
    items = [("user", "maria"), (secret.name, secret.value), ("region", "eu-west-1")]
    inner = "".join(f's:{len(text.encode())}:"{text}";' for pair in items for text in pair)
    return Document(f"a:3:{{{inner}}}".encode(), TEXT)


def _json_far_pair(secret: Secret, rng: Random) -> Document:
    between = {
        "meta": {"tags": ["a", "b"], "owner": {"team": "shop"}},
        "description": "what it is for " * rng.randint(1, 60),
    }
    return as_json({"settings": [{"name": secret.name, **between, "value": secret.value}], "region": "eu-west-1"}, rng)


def _json_parameter(secret: Secret, rng: Random) -> Document:
    """As the parameter store names things."""
    parameter = {"Name": f"/shop/prod/{secret.name}", "Type": "SecureString", "Value": secret.value, "Version": 3}
    return as_json({"Parameters": [parameter, {"Name": "/shop/prod/region", "Value": "eu-west-1"}]}, rng)


def _quoted(secret: Secret) -> str:
    return json.dumps(secret.value, ensure_ascii=False)


def _spelt(*forms: str) -> Callable[[Secret, Random], Document]:
    """One of these texts, in which {n} and {v} stand for name and value, {q} for the value in double quotes."""

    def build(secret: Secret, rng: Random) -> Document:
        form = rng.choice(forms)
        text = form.replace("{n}", secret.name).replace("{q}", _quoted(secret)).replace("{v}", secret.value)
        return Document(text.encode(), TEXT)

    return build


def _yaml_pair(secret: Secret, rng: Random) -> Document:
    """An environment as Kubernetes and ECS write it."""
    value = secret.value if rng.random() < 0.5 else _quoted(secret)
    text = f"env:\n  - name: LEVEL\n    value: debug\n  - name: {secret.name}\n    value: {value}\n  - name: PORT\n"
    return Document(text.encode(), "application/yaml")


def _json_parameters(secret: Secret, rng: Random) -> Document:
    keys = rng.choice([("ParameterKey", "ParameterValue"), ("field", "newValue"), ("OptionName", "OptionValue")])
    return as_json(
        [dict(zip(keys, pair, strict=True)) for pair in (("Level", "debug"), (secret.name, secret.value))], rng
    )


def _json_patch(secret: Secret, rng: Random) -> Document:
    return as_json(
        [{"op": "replace", "path": f"/{secret.name}", "value": secret.value}, {"op": "remove", "path": "/color"}], rng
    )


def _xml_entry(secret: Secret, rng: Random) -> Document:
    form = rng.choice(
        ["<entry key={n}>{v}</entry>", "<property name={n}><value>{v}</value></property>", "<add value={q} key={n}/>"]
    )
    text = form.format(n=quoteattr(secret.name), v=escape(secret.value), q=quoteattr(secret.value))
    return Document(f"<settings><entry key='level'>debug</entry>{text}</settings>".encode(), XML)


def _percent_in_user(secret: Secret, rng: Random) -> Document:
    """An address for a user's name, so that there are two signs `@` once it is decoded."""
    url = f"smtps://jo%40shop.example:{quote(secret.value, safe='')}@mail.example:465"
    return Document(
        rng.choice(["MAIL_URL={}\nX=1\n", "cannot reach {}: refused", '{{"url": "{}"}}']).format(url).encode(), TEXT
    )


SHAPES: tuple[Shape, ...] = (
    Shape("json_key", _json_key),
    Shape("json_deep", _json_deep),
    Shape("json_many_levels", _json_many_levels),
    Shape("json_list_under_name", _json_list_under_name),
    Shape("json_object_under_name", _json_object_under_name),
    Shape("json_pairs", _json_pairs),
    Shape("json_dynamodb", _json_dynamodb),
    Shape("json_headers_list", _json_headers_list),
    Shape("json_escaped", _json_escaped),
    Shape("json_slashes", _json_slashes),
    Shape("json_bom", _json_bom),
    Shape("json_mislabelled", _json_mislabelled),
    Shape("ndjson", _ndjson),
    Shape("javascript", _javascript, one_line=True, plain=True),
    Shape("form", _form),
    Shape("form_percent", _form_percent),
    Shape("multipart", _multipart),
    Shape("xml_element", _xml_element),
    Shape("xml_attribute", _xml_attribute),
    Shape("xml_pair", _xml_pair),
    Shape("assignment", _assignment, plain=True, one_line=True),
    Shape("env_file", _env_file, plain=True, one_line=True),
    Shape("yaml", _yaml, plain=True, one_line=True),
    Shape("graphql", _graphql),
    Shape("graphql_inline", _graphql_inline),
    Shape("prose", _prose, named=False),
    Shape("json_prose", _json_prose, named=False),
    Shape("json_values", _json_values, named=False),
    Shape("html", _html),
    Shape("csv", _csv, named=False),
    Shape("cookie_in_event", _cookie_in_event, plain=True, one_line=True),
    Shape("header_in_event", _header_in_event),
    Shape("query_in_event", _query_in_event),
    Shape("fragment", _fragment),
    Shape("bytes_repr", _bytes_repr, plain=True, one_line=True),
    Shape("flag", _flag, plain=True, one_line=True),
    Shape("flag_with_sign", _flag_with_sign, plain=True, one_line=True),
    Shape("said", _said, plain=True, one_line=True),
    Shape("yaml_block", _yaml_block, plain=True),
    Shape("php", _php, one_line=True),
    Shape("json_far_pair", _json_far_pair),
    Shape("json_parameter", _json_parameter),
    Shape(
        "call",
        _spelt(
            "user.set({n!})".replace("{n!}", '"{n}", {q}'), 'at login(user="jo", {n}={q}, n=1)', 'environ["{n}"] = {q}'
        ),
    ),
    Shape(
        "debug_print",
        _spelt(
            'Config { user: "jo", {n}: Some({q}), port: 80 }',
            '[("user", "jo"), ("{n}", {q})]',
            '%{user: "jo", {n}: {q}}',
        ),
    ),
    Shape(
        "go_print",
        _spelt("map[accept:[*/*] {n}:[{v}] user:[jo]]", "{User:jo {n}:{v} Port:80}"),
        plain=True,
        one_line=True,
    ),
    Shape("arrow", _spelt("Config(jo,Map({n} -> {v}, port -> 80))", "the {n} -> {v} again"), plain=True, one_line=True),
    Shape("comment", _spelt('{"user": "jo", "{n}": /* new */ {q}, "a": 1}', '{"{n}": // new\n {q}, "a": 1}')),
    Shape(
        "sql_list",
        _spelt("SELECT 1 FROM t WHERE {n} IN ('{v}') LIMIT 1", "CREATE LOGIN x WITH {n} = N'{v}', ON"),
        plain=True,
        one_line=True,
    ),
    Shape(
        "triple_quotes",
        _spelt('{n} = """\n{v}"""\nport = 80\n', 'mutation { in({n}: """{v}""", a: 1) { id } }'),
        plain=True,
        one_line=True,
    ),
    Shape("braces", _spelt("Driver={ODBC 17};Server=h;{n}={{v}};Encrypt=yes"), plain=True, one_line=True),
    Shape(
        "yaml_items",
        _spelt("{n}:\n  - {v}\n  - {v}\nport: 80\n", "port: 80\n{n}: &it {v}\n"),
        plain=True,
        one_line=True,
    ),
    Shape("raw_headers", _spelt('{"rawHeaders": ["Host", "h", "x-{n}", {q}, "Accept", "*/*"]}')),
    Shape("yaml_pair", _yaml_pair, plain=True, one_line=True),
    Shape("json_parameters", _json_parameters),
    Shape("json_patch", _json_patch),
    Shape("cookie_list", _spelt('{"cookies": [{"name": "{n}", "value": {q}, "expires": ""}], "status": 200}')),
    Shape("xml_entry", _xml_entry),
    Shape("percent_in_user", _percent_in_user),
    Shape(
        "bare_container",
        _spelt(
            "credentials: {\n  user: jo,\n  {n}: {v}\n}\nport: 80\n",
            "{n}: [\n  abc,\n  {v}\n]\n",
            "{n} = { {v} }",
            'credentials = {"type": "db", {n}: "{v}"}',
        ),
        plain=True,
        one_line=True,
    ),
    Shape("comment_as_value", _spelt("{n}: //{v}\nport: 80\n", '{n} = /*{v}*/ ""\n'), plain=True, one_line=True),
    Shape(
        "foreign_name",
        _spelt(
            '{"пароль": {q}, "имя": "мария"}',
            '{"a": "\\u3042", "\\u30d1\\u30b9\\u30ef\\u30fc\\u30c9": {q}}',
            '[{"name": "密码", "value": {q}}]',
            '{"Contraseña_nueva": {q}}',
        ),
    ),
    Shape("foreign_name_bare", _spelt("HASŁO={v}\nport=80\n", "비밀번호: {v}\n"), plain=True, one_line=True),
    Shape(
        "attribute_of_secret",
        _spelt('<credentials user="jo" {n}="{v}">x</credentials>', "&lt;auth {n}=&quot;{v}&quot;&gt;x&lt;/auth&gt;"),
        plain=True,
        one_line=True,
    ),
)
