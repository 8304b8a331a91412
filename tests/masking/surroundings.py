"""A secret under its name in each format that can hold it, and what may stand around it: unbalanced and misleading."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("password", "api_key", "accessToken", "client_secret", "DB_PASSWORD", "refresh_token", "secretKey")

FORMATS: dict[str, Callable[[str, str], str]] = {
    "JSON": lambda name, value: f'{{"user": "maria", "{name}": "{value}", "page": 2}}',
    "tight JSON": lambda name, value: f'{{"user":"maria","{name}":"{value}","page":2}}',
    "JSON of many lines": lambda name, value: f'{{\n  "user": "maria",\n  "{name}": "{value}",\n  "page": 2\n}}',
    "a member alone": lambda name, value: f'"{name}": "{value}"',
    "a list under the name": lambda name, value: f'{{"{name}": ["{value}", "{value}"], "page": 2}}',
    "a string of JSON": lambda name, value: json.dumps({"body": json.dumps({"user": "maria", name: value})}),
    "a string in a string": lambda name, value: json.dumps({"a": json.dumps({"b": json.dumps({name: value})})}),
    "lines of JSON": lambda name, value: f'{{"page": 1}}\n{{"{name}": "{value}"}}\n{{"page": 3}}',
    "a pair": lambda name, value: f'[{{"name": "locale", "value": "de"}}, {{"name": "{name}", "value": "{value}"}}]',
    "a pair, capital": lambda name, value: f'[{{"Key": "{name}", "Value": "{value}"}}, {{"Key": "a", "Value": "b"}}]',
    "DynamoDB": lambda name, value: f'{{"Item": {{"{name}": {{"S": "{value}"}}, "n": {{"N": "3"}}}}}}',
    "a form": lambda name, value: f"user=maria&{name}={value}&page=2",
    "an address": lambda name, value: f"https://api.example/v1?user=maria&{name}={value}&page=2",
    "a form in a form": lambda name, value: f"next={quote(f'/a?{name}={value}&b=1', safe='')}&page=2",
    "settings": lambda name, value: f"REGION=eu-west-1\n{name}={value}\nPORT=8080",
    "quoted settings": lambda name, value: f"REGION='eu-west-1'\nexport {name}='{value}'\nPORT=8080",
    "ini": lambda name, value: f"[db]\nhost = a\n{name} = {value}\nport = 1",
    "YAML": lambda name, value: f"db:\n  user: maria\n  {name}: {value}\n  page: 2",
    "quoted YAML": lambda name, value: f'db:\n  user: maria\n  {name}: "{value}"\n  page: 2',
    "XML": lambda name, value: f"<r><user>maria</user><{name}>{value}</{name}><page>2</page></r>",
    "an attribute": lambda name, value: f'<login user="maria" {name}="{value}" page="2"/>',
    "a pair in XML": lambda name, value: f'<add key="{name}" value="{value}"/>',
    "a field of HTML": lambda name, value: f'<input type="hidden" name="{name}" value="{value}">',
    "Python": lambda name, value: f"{{'user': 'maria', '{name}': '{value}', 'page': 2}}",
    "arguments": lambda name, value: f"Login(user='maria', {name}='{value}', page=2)",
    "JavaScript": lambda name, value: f"{{ user: 'maria', {name}: '{value}', page: 2 }}",
    "Ruby": lambda name, value: f'{{:user=>"maria", :{name}=>"{value}", "page"=>2}}',
    "Go": lambda name, value: f'Login{{User:"maria", {name}:"{value}", Page:2}}',
    "headers": lambda name, value: f"Accept: */*\nX-{name.replace('_', '-')}: {value}\nHost: a.example",
    "a tuple": lambda name, value: f"[('user', 'maria'), ('{name}', '{value}')]",
    "a flag": lambda name, value: f"tool run --{name} {value} --page 2",
    "a flag with a sign": lambda name, value: f"tool run --{name}={value} --page=2",
    "SQL": lambda name, value: f"UPDATE users SET {name} = '{value}', city = 'Bonn' WHERE id = 17",
    "a sentence": lambda name, value: f"login of maria failed: {name}={value} page=2",
    "multipart": lambda name, value: (
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        '--b\r\nContent-Disposition: form-data; name="page"\r\n\r\n2\r\n--b--'
    ),
}

JUNK = (
    '"', "'", "`", "{", "}", "[", "]", "(", ")", "<", ">", "<a", '<b x="', "<b x='", "</", "</a>", "<!--", "-->", "<![CDATA[", "]]>", "\\", '\\"', "\\\\", "\\u00", "\\u0022",
    "&", "=", ":", ";", ",", "%", "%2", "%22", "&quot;", "&amp", "&#", "+", "/", "//", "/*", "#", "$", "${", "{{", "}}", "@", "|", "~", "\t", "\n", "\r\n", "\x00", '"""', "'''",
    "name", '"name":', '"name": "locale",', '"value":', '"value": 3,', '"password":', '"password": {', '"password": null,', '"token": [', "password=", "token=", "password", "secret: |",
    '"password": {"type": "string"},', '"required": ["password"],', '{"fields": ["token"', '"loc": ["body", "password"],', "expected string", "is required", "=>", "->", "b'", 'b"', "u'",
    "-----BEGIN PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----", "-----END", "Bearer", "Basic ", "eyJhbGciOiJIUzI1NiJ9.", "https://", "://a:b@", "postgres://app:", "?a=1", "arn:aws:iam::1:role/a",
    '{"a": 1}', '{"a": "', "[1, 2", "<r>", "<password>", "</password>", "<input ", "--b\r\n", "Content-Type: application/json\r\n\r\n", "maria", "17", "2025-01-01T00:00:00Z", "ä漢😀", 'File "a.py", line 3',
)  # fmt: skip

GLUES = ("\n", " ", ", ", "\n\n", "; ")
"""Between a document and what surrounds it: whatever stands beside a name without one would be a part of the name."""
