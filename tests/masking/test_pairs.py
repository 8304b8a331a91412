"""A pair's name and its value may stand apart: what is between them is masked as if there were no pair.

Each text has a pair's name, two unrelated secrets, then its partner. `{first}` and `{second}` are those secrets.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from aftercall.masking.redact_text import redact_text

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, SECOND, PARTNER = "pwd-Xk29fjQ", "tk-88wqLmz", "cs-4411fk2"
ALL = (FIRST, SECOND, PARTNER)

KEYS = {
    "OAuth's grant": ("grant_type", "client_secret"),
    "name and value": ("name", "value"),
    "Name and Value": ("Name", "Value"),
    "key and value": ("key", "value"),
    "k and v": ("k", "v"),
    "id and secret": ("id", "secret"),
    "header and content": ("header", "content"),
    "label and text": ("label", "text"),
    "type and data": ("type", "data"),
    "field and new": ("field", "new"),
    "field and old": ("field", "old"),
    "property and val": ("property", "val"),
    "parameter and VALUE": ("parameter", "VALUE"),
}
NAMES = ("password", "x-api-key", "/app/db/password", "--token")
BETWEEN: dict[str, dict[str, object]] = {
    "beside": {"password": FIRST, "api_token": SECOND},
    "with others": {"user": "maria", "password": FIRST, "n": 3, "list": [1, 2], "api_token": SECOND, "ok": True},
    "in an object": {"inner": {"password": FIRST, "api_token": SECOND}},
    "in a list": {"items": [{"password": FIRST}, {"api_token": SECOND}]},
    "under one name": {"secrets": [FIRST, SECOND]},
    "in pairs": {"items": [{"name": "password", "Value": FIRST}, {"old": SECOND, "name": "token"}]},
}


def _documents() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for keys, (name_key, value_key) in KEYS.items():
        for between, secrets in BETWEEN.items():
            for name in NAMES:
                found[f"{keys}, {name}, {between}"] = {name_key: name, **secrets, value_key: PARTNER}
    return found


DOCUMENTS = _documents()


def _in_json(document: object) -> str:
    return json.dumps(document)


def _without_blanks(document: object) -> str:
    return json.dumps(document, separators=(",", ":"))


def _in_lines(document: object) -> str:
    return json.dumps(document, indent=2)


def _in_a_string(document: object) -> str:
    return json.dumps({"body": json.dumps(document)})


def _in_a_string_in_a_string(document: object) -> str:
    return json.dumps({"Message": json.dumps({"body": json.dumps(document)})})


def _of_python(document: object) -> str:
    return repr(document)


FORMATS = (_in_json, _without_blanks, _in_lines, _in_a_string, _in_a_string_in_a_string, _of_python)


@pytest.mark.parametrize("written", FORMATS, ids=lambda written: written.__name__.strip("_"))
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_stands_between_the_halves_of_a_pair_is_masked(name: str, written: Callable[[object], str]) -> None:
    # A pair within takes the outer one's partner for its own; what is between must be masked all the same.
    _assert_masked(written(DOCUMENTS[name]), (FIRST, SECOND) if name.endswith("in pairs") else ALL)


OTHERS = {
    "attributes": '<add key="password" api_token="{first}" secret="{second}" value="{partner}"/>',
    "attributes without quotes": '<input name=password api_token="{first}" secret="{second}" value="{partner}">',
    "attributes, single quotes": "<input name='password' api_token='{first}' secret='{second}' value='{partner}'>",
    "a property": '<property name="password" api_token="{first}" secret="{second}" content="{partner}"/>',
    "an entry": '<entry key="password" api_token="{first}" secret="{second}">{partner}</entry>',
    "an entry with a child": (
        '<entry key="password" api_token="{first}" secret="{second}"><value>{partner}</value></entry>'
    ),
    "a part's head": (
        '--b\r\nContent-Disposition: form-data; name="password"\r\nX-Api-Token: {first}\r\n'
        "Authorization: {second}\r\n\r\n{partner}\r\n--b--"
    ),
    "a part's head, plain": (
        "--b\r\nContent-Disposition: form-data; name=password\r\nX-Api-Token: {first}\r\n"
        "Authorization: {second}\r\n\r\n{partner}\r\n--b--"
    ),
    "a field's change": (
        '{{"field":"password","x_token":"{first}","old":"cs-4411f","api_token":"{second}","new":"{partner}"}}'
    ),
    "two names of one value": (
        '{{"name":"password","key":"token","api_token":"{first}","secret_key":"{second}","value":"{partner}"}}'
    ),
    "a patch": '[{{"op":"add","path":"/password","api_token":"{first}","secret_key":"{second}","value":"{partner}"}}]',
    "another alphabet": '{{"name":"пароль","api_token":"{first}","secret_key":"{second}","value":"{partner}"}}',
    "names in another alphabet between": (
        '{{"name":"password","пароль":"{first}","密码":"{second}","value":"{partner}"}}'
    ),
    "two words between": '{{"name":"password","api key":"{first}","secret key":"{second}","value":"{partner}"}}',
    "a value of many": '{{"name":"password","api_token":"{first}","secret_key":"{second}","value":["{partner}", "x"]}}',
    "a number": '{{"name":"pin","api_token":"{first}","secret_key":"{second}","value":4411}}',
}  # fmt: skip


@pytest.mark.parametrize("escaped", [False, True], ids=["plain", "in a string of JSON"])
@pytest.mark.parametrize("name", OTHERS)
def test_so_it_is_in_other_formats(name: str, escaped: bool) -> None:
    text = OTHERS[name].format(first=FIRST, second=SECOND, partner=PARTNER)
    _assert_masked(json.dumps({"body": text}, ensure_ascii=False) if escaped else text)


LISTS = (
    '{"fields":["password"],"password":"pwd-Xk29fjQ"}',
    '{"fields": [ "password" ], "password": "pwd-Xk29fjQ"}',
    '{"fields":["user","password"],"password":"pwd-Xk29fjQ"}',
    '{"fields":["user","x-api-key"],"password":"pwd-Xk29fjQ"}',
    '{"fields":["x-api-key"],"password":"pwd-Xk29fjQ"}',
    '{"fields":["authorization"],"authorization":"pwd-Xk29fjQ"}',
    '{"fields":[["password"],["token"]],"password":"pwd-Xk29fjQ"}',
    '{"fields":[["password"]],"password":"pwd-Xk29fjQ"}',
    '{"a":{"required":["password"]},"password":"pwd-Xk29fjQ"}',
    '{"required":["password"],"user":"maria","password":"pwd-Xk29fjQ"}',
    '{"required":["--password"],"password":"pwd-Xk29fjQ"}',
    '{"required":["/db/password"],"password":"pwd-Xk29fjQ"}',
    '{"fields":["password"],"token":["pwd-Xk29fjQ"]}',
    "{'fields':['password'],'password':'pwd-Xk29fjQ'}",
    "{'fields':('password'),'password':'pwd-Xk29fjQ'}",
    "{'fields':('password',),'password':'pwd-Xk29fjQ'}",
    '{"fields":["password",],"password":"pwd-Xk29fjQ"}',
    'fields: ["password"], password: "pwd-Xk29fjQ"',
    '{"fields":["password"],"name":"token","value":"pwd-Xk29fjQ"}',
)  # fmt: skip


@pytest.mark.parametrize("depth", range(3))
@pytest.mark.parametrize("text", LISTS)
def test_a_lists_end_is_no_value(text: str, depth: int) -> None:
    for _ in range(depth):
        text = json.dumps({"body": text})
    masked = redact_text(text)
    assert "Xk29fj" not in masked
    assert re.search(r"""<masked>\\*["']\s*:""", masked) is None, "a key was masked"


def _assert_masked(text: str, secrets: tuple[str, ...] = ALL) -> None:
    masked = redact_text(text)
    shown = [secret for secret in secrets if secret in masked]
    assert not shown, masked
