"""Which names are those of secrets, as tables of kinds, and in any spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.masking import FAINT, NONE, STRONG, WEAK
from aftercall.masking.cookie_names import is_secret_cookie
from aftercall.masking.names import (
    NAME_STEMS,
    is_secret_header,
    is_secret_name,
    is_secret_parameter,
    strength_of,
)
from aftercall.masking.secret_words import FOREIGN
from tests.masking.name_tables import COOKIES, HARMLESS, HARMLESS_COOKIES, HEADERS, PARAMETERS, SECRET

if TYPE_CHECKING:
    from random import Random


@pytest.mark.parametrize("kind", SECRET)
def test_names_of_secrets(kind: str) -> None:
    assert [name for name in SECRET[kind].split() if not is_secret_name(name)] == []


@pytest.mark.parametrize("kind", HARMLESS)
def test_names_of_what_is_none(kind: str) -> None:
    assert [name for name in HARMLESS[kind].split() if is_secret_name(name)] == []


def test_headers() -> None:
    assert [name for name in HEADERS.split() if not is_secret_header(name)] == []
    harmless = (
        "X-Request-Id Content-Type Accept Host X-Auth-Email Idempotency-Key Sec-WebSocket-Key Author ETag "
        "Access-Control-Allow-Credentials"
    )
    assert [name for name in harmless.split() if is_secret_header(name)] == []


def test_parameters() -> None:
    assert [name for name in PARAMETERS.split() if not is_secret_parameter(name)] == []
    harmless = (
        "page sort state scope limit q lang X-Amz-Date X-Amz-Expires X-Amz-Algorithm se sp sv utm_source authuser"
    )
    assert [name for name in harmless.split() if is_secret_parameter(name)] == []


@pytest.mark.parametrize(("name", "value"), COOKIES)
def test_secret_cookies(name: str, value: str) -> None:
    assert is_secret_cookie(name, value)


@pytest.mark.parametrize(("name", "value"), HARMLESS_COOKIES)
def test_harmless_cookies(name: str, value: str) -> None:
    assert not is_secret_cookie(name, value)


def _stemmed(name: str) -> bool:
    lower = name.lower()
    return any(stem[:3] in lower for stem in NAME_STEMS) or any(name in lower.replace("_", " ") for name in FOREIGN)


def test_each_secret_name_holds_a_stem() -> None:
    """The scanner looks at no other words."""
    assert [name for names in SECRET.values() for name in names.split() if not _stemmed(name)] == []


SPELLED = [
    "db password", "api key", "access token", "client secret", "private key", "smtp pass", "session id", "csrf token",
    "user pin", "verification code", "card number", "two factor code", "oauth verifier", "recovery phrase", "jwt",
    "application key", "hmac key", "admin pass", "root pw", "security answer", "kata sandi", "chiave segreta",
]  # fmt: skip


def spelled(name: str, rng: Random) -> str:
    """In one of the ways in which names are written."""
    words = name.split()
    camel = words[0] + "".join(map(str.capitalize, words[1:]))
    ways = [
        "_".join(words), "-".join(words), ".".join(words), "_".join(words).upper(), camel, camel[0].upper() + camel[1:],
        "".join(words), "".join(words).upper(), " ".join(words), f"app[{'_'.join(words)}]", f"x-{'-'.join(words)}",
        f"my_{'_'.join(words)}_2", f"config.{camel}", f"{'_'.join(words)}[]",
    ]  # fmt: skip
    return rng.choice(ways)


@given(st.sampled_from(SPELLED), st.randoms(use_true_random=False))
def test_a_secrets_name_stays_one_in_any_spelling(name: str, rng: Random) -> None:
    assert strength_of(spelled(name, rng)) >= WEAK


@given(st.text(max_size=300))
def test_any_text_may_be_a_name(name: str) -> None:
    assert NONE <= strength_of(name) <= STRONG
    assert is_secret_name(name) == (strength_of(name) >= FAINT)
    assert not is_secret_name(name) or _stemmed(name)
