"""Where secrets stand: shapes of text that hold one. A shape takes a secret and gives bytes with their media type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.masking import structured, texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.masking.secrets import Secret
    from tests.masking.structured import Document


@dataclass(frozen=True)
class Shape:
    name: str
    build: Callable[[Secret, Random], Document]
    named: bool = True
    """The secret's name stands beside it; otherwise only secrets that tell themselves can be known here."""
    plain: bool = False
    """Nothing is quoted: values with separators in them cannot stand here."""
    one_line: bool = False


SHAPES: tuple[Shape, ...] = (
    Shape("json_key", structured.json_key),
    Shape("json_deep", structured.json_deep),
    Shape("json_many_levels", structured.json_many_levels),
    Shape("json_list_under_name", structured.json_list_under_name),
    Shape("json_object_under_name", structured.json_object_under_name),
    Shape("json_pairs", structured.json_pairs),
    Shape("json_dynamodb", structured.json_dynamodb),
    Shape("json_headers_list", structured.json_headers_list),
    Shape("json_escaped", structured.json_escaped),
    Shape("json_slashes", structured.json_slashes),
    Shape("json_bom", structured.json_bom),
    Shape("json_mislabelled", structured.json_mislabelled),
    Shape("ndjson", structured.ndjson),
    Shape("javascript", texts.javascript, one_line=True, plain=True),
    Shape("form", structured.form),
    Shape("form_percent", structured.form_percent),
    Shape("multipart", structured.multipart),
    Shape("xml_element", structured.xml_element),
    Shape("xml_attribute", structured.xml_attribute),
    Shape("xml_pair", structured.xml_pair),
    Shape("assignment", texts.assignment, plain=True, one_line=True),
    Shape("env_file", texts.env_file, plain=True, one_line=True),
    Shape("yaml", texts.yaml, plain=True, one_line=True),
    Shape("graphql", texts.graphql),
    Shape("graphql_inline", texts.graphql_inline),
    Shape("prose", texts.prose, named=False),
    Shape("json_prose", structured.json_prose, named=False),
    Shape("json_values", structured.json_values, named=False),
    Shape("html", texts.html),
    Shape("csv", texts.csv, named=False),
    Shape("cookie_in_event", structured.cookie_in_event, plain=True, one_line=True),
    Shape("header_in_event", structured.header_in_event),
    Shape("query_in_event", structured.query_in_event),
    Shape("fragment", structured.fragment),
    Shape("bytes_repr", texts.bytes_repr, plain=True, one_line=True),
    Shape("flag", texts.flag, plain=True, one_line=True),
    Shape("flag_with_sign", texts.flag_with_sign, plain=True, one_line=True),
    Shape("said", texts.said, plain=True, one_line=True),
    Shape("yaml_block", texts.yaml_block, plain=True),
    Shape("php", texts.php, one_line=True),
    Shape("json_far_pair", structured.json_far_pair),
    Shape("json_parameter", structured.json_parameter),
    Shape(
        "call",
        texts.spelt(
            "user.set({n!})".replace("{n!}", '"{n}", {q}'), 'at login(user="jo", {n}={q}, n=1)', 'environ["{n}"] = {q}'
        ),
    ),
    Shape(
        "debug_print",
        texts.spelt(
            'Config { user: "jo", {n}: Some({q}), port: 80 }',
            '[("user", "jo"), ("{n}", {q})]',
            '%{user: "jo", {n}: {q}}',
        ),
    ),
    Shape(
        "go_print",
        texts.spelt("map[accept:[*/*] {n}:[{v}] user:[jo]]", "{User:jo {n}:{v} Port:80}"),
        plain=True,
        one_line=True,
    ),
    Shape(
        "arrow",
        texts.spelt("Config(jo,Map({n} -> {v}, port -> 80))", "the {n} -> {v} again"),
        plain=True,
        one_line=True,
    ),
    Shape("comment", texts.spelt('{"user": "jo", "{n}": /* new */ {q}, "a": 1}', '{"{n}": // new\n {q}, "a": 1}')),
    Shape(
        "sql_list",
        texts.spelt("SELECT 1 FROM t WHERE {n} IN ('{v}') LIMIT 1", "CREATE LOGIN x WITH {n} = N'{v}', ON"),
        plain=True,
        one_line=True,
    ),
    Shape(
        "triple_quotes",
        texts.spelt('{n} = """\n{v}"""\nport = 80\n', 'mutation { in({n}: """{v}""", a: 1) { id } }'),
        plain=True,
        one_line=True,
    ),
    Shape("braces", texts.spelt("Driver={ODBC 17};Server=h;{n}={{v}};Encrypt=yes"), plain=True, one_line=True),
    Shape(
        "yaml_items",
        texts.spelt("{n}:\n  - {v}\n  - {v}\nport: 80\n", "port: 80\n{n}: &it {v}\n"),
        plain=True,
        one_line=True,
    ),
    Shape("raw_headers", texts.spelt('{"rawHeaders": ["Host", "h", "x-{n}", {q}, "Accept", "*/*"]}')),
    Shape("yaml_pair", texts.yaml_pair, plain=True, one_line=True),
    Shape("json_parameters", structured.json_parameters),
    Shape("json_patch", structured.json_patch),
    Shape("cookie_list", texts.spelt('{"cookies": [{"name": "{n}", "value": {q}, "expires": ""}], "status": 200}')),
    Shape("xml_entry", structured.xml_entry),
    Shape("percent_in_user", texts.percent_in_user),
    Shape(
        "bare_container",
        texts.spelt(
            "credentials: {\n  user: jo,\n  {n}: {v}\n}\nport: 80\n",
            "{n}: [\n  abc,\n  {v}\n]\n",
            "{n} = { {v} }",
            'credentials = {"type": "db", {n}: "{v}"}',
        ),
        plain=True,
        one_line=True,
    ),
    Shape("comment_as_value", texts.spelt("{n}: //{v}\nport: 80\n", '{n} = /*{v}*/ ""\n'), plain=True, one_line=True),
    Shape(
        "foreign_name",
        texts.spelt(
            '{"пароль": {q}, "имя": "мария"}',
            '{"a": "\\u3042", "\\u30d1\\u30b9\\u30ef\\u30fc\\u30c9": {q}}',
            '[{"name": "密码", "value": {q}}]',
            '{"Contraseña_nueva": {q}}',
        ),
    ),
    Shape("foreign_name_bare", texts.spelt("HASŁO={v}\nport=80\n", "비밀번호: {v}\n"), plain=True, one_line=True),
    Shape(
        "attribute_of_secret",
        texts.spelt(
            '<credentials user="jo" {n}="{v}">x</credentials>', "&lt;auth {n}=&quot;{v}&quot;&gt;x&lt;/auth&gt;"
        ),
        plain=True,
        one_line=True,
    ),
)
