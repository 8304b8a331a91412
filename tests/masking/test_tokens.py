"""Secrets that are known by their form."""

from __future__ import annotations

import string
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.masking.cloud_keys import azure_secret, is_aws_secret
from aftercall.masking.iban import is_iban
from aftercall.masking.password_hashes import HASH_MARKS, hash_end
from aftercall.masking.randomness import is_random
from aftercall.masking.tokens import TOKEN_STARTS, is_issued, is_luhn, public_length

ALNUM = string.ascii_letters + string.digits
BASE64 = ALNUM + "+/"
HEX = "0123456789abcdef"

ISSUED = {
    "Pinecone": ("pcsk_", ALNUM, 64), "Fly": ("fm2_", BASE64.replace("+", "").replace("/", ""), 120), "New Relic": ("NRAK-", ALNUM, 27),
    "Facebook": ("EAAG", ALNUM, 170), "NVIDIA": ("nvapi-", ALNUM, 64), "Firecrawl": ("fc-", HEX, 32), "Klaviyo": ("pk_", HEX, 34),
    "SonarQube": ("squ_", HEX, 40), "Scaleway": ("SCW", ALNUM, 17), "Grafana": ("eyJrIjoi", ALNUM, 70), "Tavily": ("tvly-", ALNUM, 32),
    "Firebase": ("APA91b", ALNUM, 134), "X": ("A" * 21, ALNUM, 90), "Nostr": ("nsec1", ALNUM.lower(), 58), "Xendit": ("xnd_production_", ALNUM, 60),
    "GitLab": ("glagent-", ALNUM, 50), "Cloudflare": ("cfut_", ALNUM, 40), "Ory": ("ory_at_", ALNUM, 43), "Stripe": ("sk_live_", ALNUM, 24),
    "Razorpay": ("rzp_live_", ALNUM, 20), "Rootly": ("rootly_", HEX, 64), "Twilio": ("SK", HEX, 32),
}  # fmt: skip


def drawn(rng: Random, alphabet: str, length: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))


@pytest.mark.parametrize("issuer", ISSUED)
def test_tokens_of_issuers(issuer: str) -> None:
    prefix, alphabet, length = ISSUED[issuer]
    word = (prefix + drawn(Random(issuer), alphabet, length)).encode()
    assert public_length(word) == len(prefix) or word.startswith((b"EAA", b"SK"))
    assert public_length(word) is not None
    assert word[:3] in TOKEN_STARTS


def test_words_that_begin_like_a_token_are_none() -> None:
    words = (
        b"fw_version_of_the_router_2", b"AC0123456789abcdef0123456789abcdef", b"SM0123456789abcdef0123456789abcdef",
        b"fc-barcelona-2-real-madrid-1-final", b"napi_get_value_string_utf8_and_more_of_these_names_2", b"SCWHATEVERITTAKES2025",
        b"pk_of_the_table_that_is_used_by_customers", b"EAAT-is-a-word", b"rnd_number_of_the_day_2025_06",
    )  # fmt: skip
    assert [word for word in words if public_length(word) is not None or is_issued(word)] == []


def test_tokens_without_a_prefix() -> None:
    rng = Random(1)
    for word in (
        drawn(rng, HEX, 36) + "NRAL", drawn(rng, ALNUM, 52) + "JQQJ99" + drawn(rng, ALNUM, 26), "1:AA" + "x",
        drawn(rng, ALNUM, 6) + "_" + drawn(rng, ALNUM, 29) + "_mmk", drawn(rng, HEX, 32) + "-us14",
    ):  # fmt: skip
        assert is_issued(word.encode()) == (len(word) > 9)


# Keys of clouds


@given(st.integers(0, 2**32))
def test_an_azure_secret_is_found_by_its_mark(seed: int) -> None:
    rng = Random(seed)
    secret = f"{drawn(rng, ALNUM + '_~.', 3)}8Q~{drawn(rng, ALNUM + '_~.-', rng.choice([31, 34]))}"
    text = f'{{"x": "{secret}"}}'.encode()
    mark = text.find(b"8Q~") + 1
    start, end = azure_secret(text, mark) or (0, 0)
    assert text[start:end].decode() == secret
    assert azure_secret(text[: end - 9], mark) == (start, end - 9)


@pytest.mark.parametrize("text", [b"Q~", b"8Q~abc ", b"abcQ~" + b"x" * 34, b'"8Q~' + b"x" * 34])
def test_other_marks_are_none(text: bytes) -> None:
    assert azure_secret(text, text.find(b"Q~")) is None


@given(st.integers(0, 2**32))
def test_nearly_every_random_key_is_one_of_aws(seed: int) -> None:
    rng = Random(seed)
    assert sum(is_aws_secret(drawn(rng, BASE64, 40).encode()) for _ in range(20)) >= 18


@pytest.mark.parametrize(
    "word",
    [
        "33a64df551425fcc55e4d42a148795d9f25f89d4", "src/main/java/com/acme/OrderService2Impl", "a" * 40, "1234567890" * 4,
        "com/acme/shop/orders/2025/06/01/Report42", "THE_QUICK_BROWN_FOX_JUMPS_OVER_THE_LAZY1", "x" * 39,
        "this/is/a/path/of/many/lower/words/1/and", "ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890123",
    ],
)  # fmt: skip
def test_digests_paths_and_names_are_no_keys_of_aws(word: str) -> None:
    assert not is_aws_secret(word.encode())


@pytest.mark.parametrize(
    ("word", "random"),
    [
        ("0123456789abcdef", True), ("b1b15e88fa797225412429c1c50c122a", True), ("q7Rk29XvLm3TzB8nWc5Yd1Hf6", True),
        ("550e8400-e29b-41d4-a716-446655440000", False), ("2025-06-01T08:15:30.123Z", False), ("orders/2025/06/report", False),
        ("1234567890123456", False), ("abcdefghijklmnop", False), ("arn:aws:sqs:eu-west-1:123456789012:my-queue", False),
        ("getUserByIdAndStatus", False), ("short1A", False),
    ],
)  # fmt: skip
def test_what_looks_random(word: str, *, random: bool) -> None:
    assert is_random(word.encode()) == random


# Accounts


IBANS = (
    "DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606", "NO9386011117947", "CH9300762011623852957",
    "NL91ABNA0417164300", "BE68539007547034", "MT84MALT011000012345MTLCAST001S", "ES9121000418450200051332", "SA0380000000608010167519",
)  # fmt: skip


@pytest.mark.parametrize("iban", IBANS)
def test_ibans(iban: str) -> None:
    groups = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    assert all(is_iban(form.encode()) for form in (iban, iban.lower(), groups, groups.replace(" ", "-")))


@given(st.sampled_from(IBANS), st.data())
def test_one_wrong_digit_makes_it_none(iban: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(4, len(iban) - 1).filter(lambda at: iban[at].isdigit()))
    digit = data.draw(st.sampled_from(string.digits).filter(lambda digit: digit != iban[at]))
    assert not is_iban((iban[:at] + digit + iban[at + 1 :]).encode())


@given(st.binary(max_size=60))
def test_any_bytes_are_an_iban_or_not(word: bytes) -> None:
    assert is_iban(word) in {True, False}


@given(st.text("0123456789", min_size=15, max_size=15), st.data())
def test_one_wrong_digit_makes_it_no_card(digits: str, data: st.DataObject) -> None:
    cards = [card for digit in string.digits if is_luhn(card := f"4{digits[1:]}{digit}".encode())]
    assert len(cards) == 1
    at = data.draw(st.integers(1, 15))
    other = (cards[0][at] - 48 + data.draw(st.integers(1, 9))) % 10
    assert not is_luhn(cards[0][:at] + str(other).encode() + cards[0][at + 1 :])


# Hashes of passwords


HASHES = (
    "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo",
    "pbkdf2_sha256$600000$abc$def0123456789ABC=", "pbkdf2:sha256:600000$abcdefgh$0123456789abcdef", "scrypt:32768:8:1$salt$abcdef0123456789",
    "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG", "{noop}hunter2",
    "$6$rounds=5000$saltsalt$hashhashhash/x.y", "$1$abcdefgh$0123456789abcdefghijkl", "$y$j9T$salt$hash0123456789", "$P$BDcVxqpFWG1c2HSG1xWZ",
    "bcrypt$$2b$12$R9h/cIPz0gi.URNNX3kh2O", "sha1$abcde$0123456789abcdef0123456789abcdef01234567", "{SHA512}abcdefgh+/=", "$apr1$abcdefgh$0123456789abcdefghijkl",
    "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA", "$scrypt$ln=16,r=8,p=1$c2FsdA$aGFzaGhhc2g", "$pbkdf2-sha512$25000$c2FsdA$aGFzaGhhc2g",
)  # fmt: skip
AROUND = (
    ("", ""),
    ('{"x": "', '"}'),
    ("x=", "&y=1"),
    ("<x>", "</x>"),
    ("hash ", " is"),
    ("x ", ". Then"),
    ("(", ")"),
    ("'", "', "),
)


@pytest.mark.parametrize(("before", "after"), AROUND)
@pytest.mark.parametrize("hashed", HASHES)
def test_a_hash_ends_where_its_characters_end(hashed: str, before: str, after: str) -> None:
    data = (before + hashed + after).encode()
    at = len(before)
    assert data[at:].startswith(HASH_MARKS)
    assert hash_end(data, at) == at + len(hashed)


@pytest.mark.parametrize("hashed", HASHES)
def test_php_escapes_slashes_in_one(hashed: str) -> None:
    escaped = hashed.replace("/", "\\/").encode()
    assert hash_end(escaped + b'"', 0) == len(escaped)


@pytest.mark.parametrize(
    "text",
    ["$5 and some more text here for it", "$HOME/bin", "${DB_PASSWORD}", "{id}/orders/of/the/user", '{"a": 1}', "$2b or not $2b",
     "sha256 of the file", "scrypt is a function", "$.store.book[0].title.of.it", "{user} logged in", "$$", "$", "{", "pbkdf2"],
)  # fmt: skip
def test_other_texts_are_no_hashes(text: str) -> None:
    assert hash_end(text.encode() + b" ", 0) == -1


@given(st.binary(max_size=200), st.sampled_from(HASHES), st.binary(max_size=200))
def test_a_hash_among_any_bytes(before: bytes, hashed: str, after: bytes) -> None:
    data = before + hashed.encode() + after
    assert hash_end(data, len(before)) >= len(before) + len(hashed) - 1
    assert all(-1 <= hash_end(data, at) <= len(data) for at in range(len(data)))
