"""The scan of a text: what it says of small ones, and that the compiled one says what the one in Python does."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercall.masking import scan as facts
from aftercall.masking.names import PARAMETERS
from aftercall.masking.scan import Scan, Vocabulary
from aftercall.masking.scan import scan as scan_in_python
from aftercall.masking.scanner import _without_nothing
from aftercall.masking.scanner import scan as scan_as_the_layer
from aftercall.masking.word import NOTHING, Word
from aftercall.masking.words import VOCABULARY
from tests.masking.documents import DOCUMENTS, Draw
from tests.masking.hostile import texts

COLUMNS = ("kinds", "starts", "ends", "parents", "afters", "words")
NEVER = 1 << 30
SMALL = Vocabulary(("password", "token", "pw"), (b"sk_", b"eyJ"))
BOTH = pytest.mark.parametrize("scan", [scan_in_python, scan_as_the_layer], ids=["Python", "compiled"])
IS_COMPILED = importlib.util.find_spec("aftercall.masking._scanner") is not None


@pytest.fixture(autouse=True)
def _needs_the_compiled_one() -> None:
    if not IS_COMPILED:
        pytest.skip("the scan is not compiled: make environment")


# ---- what it says ----


def spans(scanned: Scan, text: bytes) -> list[str]:
    """Of each span: `>` for each around it, its opening character, its level, what is in it, `~` if not closed."""
    told: list[str] = []
    depths = [-1]
    for kind, start, end, parent in zip(scanned.kinds, scanned.starts, scanned.ends, scanned.parents, strict=True):
        depths.append(depths[parent] + 1)
        level = kind >> 8 & 127
        inside = text[start:end].decode("latin-1")
        closed = "" if kind & facts.CLOSED else "~"
        told.append(f"{'>' * depths[-1]}{chr(kind & 255)}{level or ''} {inside}{closed}")
    return told


SPANS: dict[str, tuple[bytes, list[str]]] = {
    "no text": (b"", []),
    "one byte": (b'"', ['" ~']),
    "an object": (b'{"a":"b"}', ['{ "a":"b"', '>" a', '>" b']),
    "lists in lists": (b"[(1)]", ["[ (1)", ">( 1"]),
    "JSON in a string": (rb'"{\"a\":1}"', [r'" {\"a\":1}', r'>{ \"a\":1', '>>"1 a']),
    "JSON in it once more": (rb'"{\"a\":\"{\\\"b\\\":1}\"}"', [
        r'" {\"a\":\"{\\\"b\\\":1}\"}', r'>{ \"a\":\"{\\\"b\\\":1}\"', '>>"1 a', r'>>"1 {\\\"b\\\":1}',
        r'>>>{ \\\"b\\\":1', '>>>>"3 b']),
    "an escaped quote": (rb'"a \"b"', [r'" a \"b', r'>"1 b~']),
    "an escaped quote behind a letter": (rb'"a\"b"', [r'" a\"b']),
    "an escaped backslash before the quote": (rb'"a\\"', ['" a\\\\']),
    "an escaped string that its own closes": (rb'\"a\"', ['"1 a']),
    "the same a level deeper": (rb'\"a\\\\\"', [r'"1 a' + "\\" * 4]),
    "a quote of two levels deeper closes none": (rb'\"a\\\"', [r'"1 a\\\"~']),
    "inches": (b'5" x', []),
    "an apostrophe": (b"don't", []),
    "an apostrophe in a string": (b"'don't'", ["' don't"]),
    "prefixes of strings": (b"b'a' N'b' ab'c'", ["' a", "' b"]),
    "a quote that opens nothing": (b'{"a:1,"b":2}', ['{ "a:1,"b":2', '>" ~', '>" b']),
    "brackets behind one": (b'{"a:[1,"b":(2', ['{ "a:[1,"b":(2~', '>" ~', '>[ 1,"b":(2~', '>>" b', ">>( 2~"]),
    "they are closed, and so are those around": (b'{"a:[1,"b"]}', ['{ "a:[1,"b"]', '>" ~', '>[ 1,"b"', '>>" b']),
    "strings behind one": (b"""{"a:'x',"b":2}""", ["""{ "a:'x',"b":2""", '>" ~', ">' x", '>" b']),
    "cut in a string": (b'{"a":"b', ['{ "a":"b~', '>" a', '>" b~']),
    "cut in an escape": (b'["a\\', ['[ "a\\~', '>" a\\~']),
    "a line's end": (b'"a\n"b"', ['" a~', '" b']),
    "a line's end in a backtick": (b'`a\n"b"`', ['` a\n"b"', '>" b']),
    "a line's end as JSON writes it": (rb'"a \"b\nc \"d\""', [r'" a \"b\nc \"d\"', '>"1 b~', '>"1 d']),
    "it ends no string around": (rb'"a\nb"', [r'" a\nb']),
    "a bracket in a string": (b'{"}":1}', ['{ "}":1', '>" }']),
    "a closing bracket of another kind": (b"{(]}", ["{ (]", ">( ]~"]),
    "a closing bracket ends what stands in between": (b"{[(}", ["{ [(", ">[ (~", ">>( ~"]),
    "tags": (b"<a b='c'></a>", ["< a b='c'", ">' c", "< /a"]),
    "a tag that is open": (b"<a <b>", ["< a ~", "< b"]),
    "less than": (b"1 < 2, a<1", []),
    "what was masked is no tag": (b"<a <masked> b='<masked>'>", ["< a <masked> b='<masked>'", ">' <masked>"]),
    "an apostrophe before it": (b"'don'<masked>'", ["' don'<masked>"]),
    "a quote behind it opens nothing": (b'<masked>"', []),
    "a quote before it that stands as one opens": (b'{"a:1,"<masked>"', ['{ "a:1,"<masked>"~', '>" ~', '>" <masked>']),
    "the beginning of it is a tag": (b"<masked", ["< masked~"]),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", SPANS)
def test_spans(scan, name: str) -> None:
    text, told = SPANS[name]
    assert spans(scan(text, SMALL, NEVER), text) == told


FLAGS = {"name": 1, "token": 2, "dense": 4, "digits": 8, "account": 16}
WORDS: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "a name, in any letters": (b"x PassWord y", [("PassWord", "name")]),
    "three letters of one": (b"a.pas-x", [("a.pas-x", "name")]),
    "two letters that stand alone": (b"pw upwx smtp-pw", [("pw", "name"), ("smtp-pw", "name")]),
    "an issuer's token": (b"sk_live sk_", [("sk_live", "token")]),
    "of both cases": (b"abcdefgHIJKLMNOP abcdefgHIJKLMNO", [("abcdefgHIJKLMNOP", "dense")]),
    "long": (b"z" * 34 + b" " + b"z" * 35, [("z" * 35, "dense")]),
    "a digest": (b"0123456789abcdef" * 4, []),
    "a card's number": (b"411111111111 4111-1111-1111 711111111111", [
        ("411111111111", "digits"), ("4111-1111-1111", "digits")]),
    "its groups": (b"4111 1111+4111+ 4111, 4111\xc2\xa0", [("4111", "digits")] * 3),
    "an account": (b"DE89370400440532013000 DE89 3704", [("DE89370400440532013000", "account"), ("DE89", "account")]),
    "a word at the end": (b"=token", [("token", "name")]),
    "behind an escape": (rb"\ntoken \u0074oken", [("token", "name")]),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", WORDS)
def test_words(scan, name: str) -> None:
    text, told = WORDS[name]
    numbers = scan(text, SMALL, NEVER).words.tolist()
    found = [
        (text[start:end].decode(), flags) for start, end, flags in zip(*(numbers[i::4] for i in (0, 1, 3)), strict=True)
    ]
    assert found == [(word, FLAGS[flag]) for word, flag in told]


@BOTH
def test_a_word_knows_the_span_around_it(scan) -> None:
    assert scan(b'token {"token"} token', SMALL, NEVER).words.tolist()[2::4] == [0, 2, 0]
    assert scan(b'{"token [token], "a"}', SMALL, NEVER).words.tolist()[2::4] == [1, 3]


@BOTH
def test_words_of_a_length_are_dense_whatever_they_are(scan) -> None:
    assert scan(b"a bcd ef", SMALL, 2).words.tolist()[3::4] == [facts.DENSE] * 2
    assert scan(b"a bcd ef", SMALL, 1).words.tolist()[3::4] == [facts.DENSE] * 3


SEEN = {
    "HIGH": b"\xc3", "UNICODE": rb"\u", "ESCAPED": rb"\/", "PERCENT": b"a%", "ENTITY": b"&l", "SLASHES": b"//",
    "AT": b"@", "DEEP": b"\\" * 100, "DOLLAR": b"$", "AZURE": b"Q~", "QUERY": b"?a",
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", SEEN)
def test_what_stands_in_the_text_is_told(scan, name: str) -> None:
    assert scan(b"x " + SEEN[name] + b" x", SMALL, NEVER).seen == getattr(facts, name)
    assert scan(SEEN[name], SMALL, NEVER).seen == getattr(facts, name)
    assert scan(SEEN[name][:-1] + b" ", SMALL, NEVER).seen & getattr(facts, name) == 0


@BOTH
def test_depth_is_bounded(scan) -> None:
    brackets = scan(b"[" * 1_000, SMALL, NEVER)
    assert len(brackets.kinds) == facts.MAX_DEPTH
    strings = scan(b"[" * 1_000 + b"".join(b"\\" * level + b'"' for level in range(100, 0, -1)), SMALL, NEVER)
    assert len(strings.kinds) == facts.MAX_STRINGS
    assert max(kind >> 8 & 127 for kind in scan(b"\\" * 5_000 + b'"', SMALL, NEVER).kinds) == facts.MAX_LEVEL


@pytest.mark.parametrize("tables", [(bytearray(1), SMALL.starts), (SMALL.names, bytearray(4_097))])
def test_tables_of_another_length_are_refused(tables: tuple[bytearray, bytearray]) -> None:
    from aftercall.masking._scanner import scan

    with pytest.raises(ValueError, match="two tables of 4,096 bytes"):
        scan(b"x", *tables, 1)


def test_each_parameter_that_names_a_secret_is_told() -> None:
    for name in PARAMETERS:
        for before in ("?", "&", "&amp;"):
            words = scan_as_the_layer(f"{before}{name}=x".encode(), VOCABULARY, NEVER).words
            assert any(flags & facts.FIELD for flags in words[3::4].tolist()), name


# ---- that both say the same ----


def facts_of(scanned: Scan) -> dict[str, list[int] | int]:
    return {name: getattr(scanned, name).tolist() for name in COLUMNS} | {"seen": scanned.seen}


def check_same(text: bytes, min_any: int = NEVER) -> None:
    expected = facts_of(scan_in_python(text, VOCABULARY, min_any))
    found = facts_of(scan_as_the_layer(text, VOCABULARY, min_any))
    assert found == expected, text[:500]


PIECES = [
    b'"', b"'", b"`", b"\\", b"\\\\", b'\\"', b"\\n", b"\n", b"\r", b" ", b"{", b"}", b"[", b"]", b"(", b")", b"<",
    b">", b"</", b"<a ", b"=", b":", b",", b".", b"_", b"-", b"@", b"//", b"\\/", b"?", b"$", b"Q~", b"~", b"&lt;",
    b"%41",
    b"\\u0041", b"\\u00e4", b"\xff", b"\xc2\xa0", b"\xe2", b'b"', b"N'", b"a", b"5", b"4111", b"4111 1111",
    b"x-us12",     b"password", b"token", b"aB" * 9, b"0" * 16, b"DE89", b"eyJhbGciOiJ", b"H4sIAAA",
    b"<masked>", b"<masked", b"&amp;", b"&", b"key=", b"2fa", b"cafe0fa1d",
]  # fmt: skip
MIN_ANY = (1, 20, NEVER)
KNOWN = {b"password": Word(), b"token": NOTHING, b"a": NOTHING, b"4111": NOTHING, b"key": NOTHING, b"aB" * 9: NOTHING}


@given(st.lists(st.sampled_from([*PIECES, b"/"]), max_size=60), st.sampled_from(MIN_ANY))
@settings(max_examples=500, derandomize=True)
def test_they_leave_out_the_same_words(pieces: list[bytes], min_any: int) -> None:
    text = b"".join(pieces)
    found = scan_as_the_layer(text, VOCABULARY, min_any, KNOWN).words.tolist()
    assert found == _without_nothing(text, scan_in_python(text, VOCABULARY, min_any).words, KNOWN).tolist()


def test_words_that_are_known_to_be_nothing_are_left_out() -> None:
    text = b"token password 4111 x/" + b"aB" * 9 + b" " + b"aB" * 9
    words = scan_as_the_layer(text, VOCABULARY, NEVER, KNOWN).words.tolist()
    kept = [text[start:end] for start, end in zip(words[::4], words[1::4], strict=True)]
    # A card's number is one by what stands behind it, a segment of a URL by what is before it.
    assert kept == [b"password", b"4111", b"aB" * 9]


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(MIN_ANY))
@settings(max_examples=1_000, derandomize=True)
def test_they_agree_on_pieces(pieces: list[bytes], min_any: int) -> None:
    check_same(b"".join(pieces), min_any)


@given(st.binary(max_size=200), st.sampled_from(MIN_ANY))
@settings(max_examples=500, derandomize=True)
def test_they_agree_on_any_bytes(text: bytes, min_any: int) -> None:
    check_same(text, min_any)


@pytest.mark.parametrize("seed", range(4))
def test_they_agree_on_long_rows_of_pieces(seed: int) -> None:
    random = Random(seed)
    for _ in range(500):
        check_same(b"".join(random.choices(PIECES, k=random.randrange(60))), random.choice(MIN_ANY))
    check_same(b"".join(random.choices(PIECES, k=20_000)))


@pytest.mark.parametrize("name", texts(1))
def test_they_agree_on_hostile_texts(name: str) -> None:
    text = _hostile()[name]
    for cut in (len(text), len(text) * 2 // 3, 101):
        check_same(text[:cut])


@cache
def _hostile() -> dict[str, bytes]:
    return texts(5_000)


@pytest.mark.parametrize("build", DOCUMENTS)
def test_they_agree_on_documents_cut_anywhere(build) -> None:
    document = json.dumps(build(Draw(Random("scan")))).encode()
    in_a_string = json.dumps({"body": json.dumps({"body": document.decode()})}, indent=1).encode()
    for text in (document, in_a_string):
        check_same(text)
        check_same(text.replace(b'"', b"'"))
        for cut in Random(build.__name__).sample(range(len(text)), 20):
            check_same(text[:cut])
            check_same(text[cut:])
