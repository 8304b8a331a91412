"""Texts that hold a secret, as languages and tools write them. Written without the rules."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from tests.masking.structured import TEXT, Document, as_json, xml_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.masking.secrets import Secret


def javascript(secret: Secret, rng: Random) -> Document:
    """As Node's util.inspect and Python's repr print objects into messages."""
    quoted = repr(secret.value)
    name = repr(secret.name) if rng.random() < 0.5 or not secret.name.isidentifier() else secret.name
    return Document(f"cannot connect with {{ user: 'maria', {name}: {quoted}, port: 5432 }}".encode(), TEXT)


def assignment(secret: Secret, rng: Random) -> Document:
    between = rng.choice(["=", "=", ": ", " = ", "='", '="'])
    close = between[-1] if between[-1] in "'\"" else ""
    return Document(
        f"login of maria failed: {secret.name}{between}{secret.value}{close} host=db-1 tries=3".encode(), TEXT
    )


def env_file(secret: Secret, rng: Random) -> Document:
    quote_mark = rng.choice(["", '"', "'"])
    return Document(
        f"REGION=eu-west-1\n{secret.name}={quote_mark}{secret.value}{quote_mark}\nUSER=maria\n".encode(), TEXT
    )


def yaml(secret: Secret, rng: Random) -> Document:
    quote_mark = rng.choice(["", '"', "'"])
    text = f"db:\n  user: maria\n  {secret.name}: {quote_mark}{secret.value}{quote_mark}\n  region: eu-west-1\n"
    return Document(text.encode(), rng.choice(["application/yaml", TEXT]))


def graphql(secret: Secret, rng: Random) -> Document:
    query = "mutation($i: Input!) { save(input: $i) { id } }"
    return as_json({"query": query, "variables": {"i": {secret.name: secret.value, "user": "maria"}}}, rng)


def graphql_inline(secret: Secret, rng: Random) -> Document:
    query = f"mutation {{ save({xml_name(secret.name).replace('-', '_').replace('.', '_')}: {json.dumps(secret.value)}) {{ id }} }}"
    return as_json({"query": query}, rng)


def prose(secret: Secret, rng: Random) -> Document:
    return Document(f"maria wrote: use {secret.value} for now, in eu-west-1".encode(), rng.choice([TEXT, "text/html"]))


def html(secret: Secret, rng: Random) -> Document:
    text = (
        f'<html><body><form><input type="hidden" name={quoteattr(secret.name)} value={quoteattr(secret.value)}></form>'
    )
    return Document(text.encode(), "text/html; charset=utf-8")


def csv(secret: Secret, rng: Random) -> Document:
    return Document(f'id,who,what\n1,maria,"{secret.value}"\n2,jo,none\n'.encode(), "text/csv")


def bytes_repr(secret: Secret, rng: Random) -> Document:
    body = json.dumps({"user": "maria", secret.name: secret.value})
    return Document(f"unexpected answer: {body.encode()!r}".encode(), TEXT)


def kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_.]", "-", name).lower()


def flag(secret: Secret, rng: Random) -> Document:
    """As subprocess and child_process tell which command failed."""
    flag = "--" + kebab(secret.name)
    words = ["tool", "run", flag, secret.value, "--region", "eu-west-1"]
    return Document(f"Command failed: {rng.choice([' '.join(words), repr(words), json.dumps(words)])}".encode(), TEXT)


def flag_with_sign(secret: Secret, rng: Random) -> Document:
    words = ["tool", "--" + kebab(secret.name), "--region=eu-west-1"]
    words[1] += f"={secret.value}"
    return Document(f"Command {rng.choice([' '.join(words), repr(words)])!s} returned non-zero".encode(), TEXT)


def said(secret: Secret, rng: Random) -> Document:
    text = rng.choice(
        ["invalid {} '{}' for maria", 'the {} "{}" was refused', "WITH {} '{}' NOLOGIN", "bad {} `{}`, bye"]
    )
    return Document(text.format(secret.name, secret.value).encode(), TEXT)


def yaml_block(secret: Secret, rng: Random) -> Document:
    indented = "\n".join("    " + line for line in secret.value.split("\n"))
    text = (
        f"db:\n  user: maria\n  {secret.name}: {rng.choice(['|', '>', '|-', '>-'])}\n{indented}\n  region: eu-west-1\n"
    )
    return Document(text.encode(), "application/yaml")


def php(secret: Secret, rng: Random) -> Document:
    """As PHP's serialize() writes sessions."""
    items = [("user", "maria"), (secret.name, secret.value), ("region", "eu-west-1")]
    inner = "".join(f's:{len(text.encode())}:"{text}";' for pair in items for text in pair)
    return Document(f"a:3:{{{inner}}}".encode(), TEXT)


def yaml_pair(secret: Secret, rng: Random) -> Document:
    """An environment as Kubernetes and ECS write it."""
    value = secret.value if rng.random() < 0.5 else quoted(secret)
    text = f"env:\n  - name: LEVEL\n    value: debug\n  - name: {secret.name}\n    value: {value}\n  - name: PORT\n"
    return Document(text.encode(), "application/yaml")


def percent_in_user(secret: Secret, rng: Random) -> Document:
    """An address for a user's name, so that there are two signs `@` once it is decoded."""
    url = f"smtps://jo%40shop.example:{quote(secret.value, safe='')}@mail.example:465"
    return Document(
        rng.choice(["MAIL_URL={}\nX=1\n", "cannot reach {}: refused", '{{"url": "{}"}}']).format(url).encode(), TEXT
    )


def quoted(secret: Secret) -> str:
    return json.dumps(secret.value, ensure_ascii=False)


def spelt(*forms: str) -> Callable[[Secret, Random], Document]:
    """One of these texts, in which {n} and {v} stand for name and value, {q} for the value in double quotes."""

    def build(secret: Secret, rng: Random) -> Document:
        form = rng.choice(forms)
        text = form.replace("{n}", secret.name).replace("{q}", quoted(secret)).replace("{v}", secret.value)
        return Document(text.encode(), TEXT)

    return build
