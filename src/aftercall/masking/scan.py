r"""One pass over a text of any format: its strings, brackets and tags, nested, and the words that are worth a look.

Formats are not told apart: every one of them nests by quotes and brackets. Nothing is decoded for it: a string of JSON
in a string of JSON has its quotes escaped, at depth d by 2**d - 1 backslashes, and that number, the string's *level*,
says which string a quote closes. Texts may be cut anywhere and may hold quotes that belong to nothing:

- A quote right behind a letter or digit opens no string (`5"`, `don't`); an apostrophe right before one closes none.
- A quote that stands as one opens (`{"a`) while a string of its kind is open says that the one before was none.
- A line's end ends each string that was opened in the text that the line belongs to.
- `<masked>`, what this package has put in before, is no tag: it is as the word for which it stands.
- A closing bracket closes the last of its kind that was opened in the same string. A tag ends where the next begins.

Time and memory are linear in the text's length: compiled/scan.h says how much, and why.

This is what compiled/scan.c does, in Python: where there is no compiled one, and as the one that it is held against.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING

from aftercall.formats.text import MASKED

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARK = MASKED.encode()

MAX_DEPTH = 128
"""Open spans. Brackets and tags that are opened beyond it are text to us."""

MAX_STRINGS = 160
"""The same for strings: in the deepest brackets there are some, too."""

MAX_LEVEL = 127

CLOSED = 1 << 16
"""Flag of a span's kind: its own closer ends it, not the end of a line, of the text, or of a span around."""

NAME, TOKEN, DENSE, DIGITS, ACCOUNT, FIELD = 1, 2, 4, 8, 16, 32
"""Why a word is worth a look: it may name a secret, be an issuer's token, be random or coded, be a card's number,
be an IBAN, be a field of a query or a form."""

NUMBERS = DIGITS | ACCOUNT
"""Words that are something by what stands behind them, whatever is known of them."""

HIGH, UNICODE, ESCAPED, PERCENT, ENTITY, SLASHES, AT, DEEP = 1, 2, 4, 8, 16, 32, 64, 128
DOLLAR, AZURE, QUERY = 256, 512, 1_024
"""What stands somewhere in the text: a byte beyond ASCII, `\\u`, an escape of what needs none, `%`, `&` before what may
be an entity's name, `//`, `@`, a hundred backslashes, `$`, `Q~`, `?` before a letter. So nobody has to search for it
again."""

MIN_TOKEN, MIN_DENSE, MIN_LONG, MIN_DIGITS, MIN_ACCOUNT, ACCOUNT_GROUP = 4, 16, 35, 12, 15, 4

MAX_PARAMETER = 24
"""No name is longer that is a secret's as a parameter alone."""

MAX_HEX_NAME = 8
"""`2fa` is a name; a longer word of digits and the letters from a to f is a digest, a UUID or a number."""

_TOKEN = re.compile(
    rb"""(\\+)(["'`]|u[0-9a-fA-F]{4}|[nrtfb])? | ["'`] | <masked> | [{}\[\]()<>] | \n | [A-Za-z0-9_.%-]+""", re.VERBOSE
)
_ALNUM = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_STRING_PREFIXES = frozenset(b"bBrRuUfFNnL")
_BLANKS = frozenset(b" \t\r\n")
_OPEN_LIKE = frozenset(b"{[(,:=")
_QUOTES = frozenset(b"\"'`")
_OPENERS = {ord("}"): ord("{"), ord("]"): ord("["), ord(")"): ord("("), ord(">"): ord("<")}
_APOSTROPHE, _LESS, _NEW_LINE, _BACKSLASH = b"'<\n\\"
_NO_HEX = bytes(byte for byte in range(256) if byte not in b"ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ")
_TAG_BEGINS = _LETTERS | frozenset(b"/!?")
_BEFORE_PARAMETER = (b"?", b"&", b"&amp;")
_CARD_SEPARATORS = frozenset(b" +/\xc2\xe2")


class Vocabulary:
    """Which words are worth a look. `stems`: each name of a secret holds one; `starts`: first letters of tokens."""

    __slots__ = ("exact_starts", "names", "starts")

    def __init__(self, stems: Iterable[str], starts: Iterable[bytes]) -> None:
        self.exact_starts = frozenset(starts)
        self.names = bytearray(4096)
        """A bit for each three letters in a row, 5 bits a letter, 0 for what is no letter."""
        self.starts = bytearray(4096)
        """The same for the last five bits of the first three bytes of a word."""
        for stem in stems:
            letters = [ord(letter) & 31 if letter.isalpha() else 0 for letter in stem[:3]]
            runs = [letters] if len(letters) == 3 else [[0, *letters], [*letters, 0]]
            for run in runs:
                _set(self.names, (run[0] << 10) | (run[1] << 5) | run[2])
        for start in (start for start in self.exact_starts if len(start) >= 3):
            _set(self.starts, ((start[0] & 31) << 10) | ((start[1] & 31) << 5) | (start[2] & 31))


class Scan:
    """Spans by where they begin, a column for each fact; and words, four numbers each.

    `kinds`: the opening character, the level shifted by 8, CLOSED. `starts`, `ends`: of what is inside.
    `parents`: the row of the span around, plus 1; 0 for none. `afters`: the first row that is not within.
    `words`: start, end, row of the span around plus 1, flags. `seen`: what stands somewhere in the text.
    """

    __slots__ = ("afters", "ends", "kinds", "parents", "seen", "starts", "words")

    def __init__(self, columns: list[memoryview[int]], words: memoryview[int], seen: int) -> None:
        self.kinds, self.starts, self.ends, self.parents, self.afters = columns
        self.words = words
        self.seen = seen


def scan(text: bytes, vocabulary: Vocabulary, min_any: int) -> Scan:
    """`min_any`: words of so many bytes are worth a look whatever they are."""
    return _Pass(text, vocabulary, min_any).run()


class _Pass:
    def __init__(self, text: bytes, vocabulary: Vocabulary, min_any: int) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._min_any = min_any
        self._columns = [array("I") for _ in range(5)]
        self._words = array("I")
        self._has_dropped = False
        self._open: list[tuple[int, int, int, int]] = []
        """Row, character, level, and the level at which the text around it stands."""

    def run(self) -> Scan:
        text = self._text
        for token in _TOKEN.finditer(text):
            at, first = token.start(), text[token.start()]
            if first == _BACKSLASH:
                self._escape(at, token.end(1) - at, token.group(2))
            elif first in _QUOTES:
                self._quote(at, 0, first)
            elif first == _NEW_LINE:
                self._line_end(0, at)
            elif first in _ALNUM or first in b"_.%-":
                self._word(at, token.end())
            elif first in _OPENERS:
                self._close_bracket(at, _OPENERS[first])
            elif first != _LESS:
                self._push(at + 1, first, 0, self._depth())
            elif text[at + 1 : at + 2] and text[at + 1] in _TAG_BEGINS and token.group() != _MARK:
                self._open_tag(at)
        self._pop_to(0, len(text))
        if self._has_dropped:
            self._adopt()
        return Scan([memoryview(column) for column in self._columns], memoryview(self._words), _seen(text))

    def _escape(self, at: int, slashes: int, escaped: bytes | None) -> None:
        if escaped is None:
            return
        if escaped[0] in _QUOTES:
            self._quote(at, slashes, escaped[0])
        elif escaped == b"n":
            self._line_end(2 * slashes - 1, at)

    def _quote(self, at: int, slashes: int, quote: int) -> None:
        inside = at + slashes + 1
        index = self._closes(slashes, quote)
        if index >= 0 and quote == _APOSTROPHE and self._begins_word(inside):
            return
        if index >= 0 and not (self._stands_open(at) and self._begins_word(inside)):
            self._pop_to(index + 1, at)
            row, _, level, _ = self._open.pop()
            self._end(row, at + slashes - min(slashes, level), CLOSED)
            return
        if index >= 0:
            self._drop(index)
        if self._ends_word(at) and not self._is_prefix(at - 1):
            return
        self._push(inside, quote, min(slashes, MAX_LEVEL), self._depth())

    def _drop(self, index: int) -> None:
        """The quote that opened this string was none. What was opened since stays open."""
        _, starts, ends, _, afters = self._columns
        row = self._open.pop(index)[0]
        ends[row] = starts[row]
        afters[row] = row + 1
        self._has_dropped = True

    def _adopt(self) -> None:
        """What begins behind the end of its span was in one that was dropped: it stands in the span around that one."""
        _, starts, ends, parents, _ = self._columns
        words = self._words
        for row, parent in enumerate(parents):
            if parent and starts[row] > ends[parent - 1]:
                parents[row] = parents[parent - 1]
        for at in range(0, len(words), 4):
            parent = words[at + 2]
            if parent and words[at] >= ends[parent - 1]:
                words[at + 2] = parents[parent - 1]

    def _closes(self, slashes: int, quote: int) -> int:
        """The index of the open string that the quote closes; -1 for none."""
        for index in range(len(self._open) - 1, -1, -1):
            _, char, level, _ = self._open[index]
            if char == quote:
                if slashes % (2 * level + 2) == level:
                    return index
                if slashes > level:
                    return -1
        return -1

    def _stands_open(self, at: int) -> bool:
        at -= 1
        while at >= 0 and self._text[at] in _BLANKS:
            at -= 1
        return at < 0 or self._text[at] in _OPEN_LIKE

    def _is_prefix(self, at: int) -> bool:
        return self._text[at] in _STRING_PREFIXES and not self._ends_word(at)

    def _begins_word(self, at: int) -> bool:
        return at < len(self._text) and (self._text[at] in _ALNUM or self._text.startswith(_MARK, at))

    def _ends_word(self, at: int) -> bool:
        return at > 0 and (self._text[at - 1] in _ALNUM or self._text.endswith(_MARK, 0, at))

    def _depth(self) -> int:
        """The level of a string that is opened without backslashes, as far as the ends of lines are concerned."""
        for _, char, level, around in reversed(self._open):
            if char in _QUOTES:
                return min(2 * max(level, around) + 1, 1 << 20)
        return 0

    def _line_end(self, level: int, at: int) -> None:
        for index, (_, char, own, around) in enumerate(self._open):
            if char in b"\"'" and max(own, around) >= max(level, 0):
                self._pop_to(index, at)
                return

    def _open_tag(self, at: int) -> None:
        """A tag within a tag was never closed."""
        if self._open and self._open[-1][1] == _LESS:
            self._pop_to(len(self._open) - 1, at)
        self._push(at + 1, _LESS, 0, self._depth())

    def _close_bracket(self, at: int, opener: int) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            row, char, _, _ = self._open[index]
            if char == opener:
                self._pop_to(index + 1, at)
                self._open.pop()
                self._end(row, at, CLOSED)
                return
            if char in _QUOTES:
                return

    def _push(self, start: int, char: int, level: int, around: int) -> None:
        if len(self._open) >= (MAX_STRINGS if char in _QUOTES else MAX_DEPTH):
            return
        kinds, starts, ends, parents, afters = self._columns
        parents.append(self._open[-1][0] + 1 if self._open else 0)
        self._open.append((len(kinds), char, level, around))
        kinds.append(char | level << 8)
        starts.append(start)
        ends.append(start)
        afters.append(0)

    def _pop_to(self, depth: int, at: int) -> None:
        while len(self._open) > depth:
            self._end(self._open.pop()[0], at, 0)

    def _end(self, row: int, at: int, flag: int) -> None:
        kinds, starts, ends, _, afters = self._columns
        kinds[row] |= flag
        ends[row] = max(at, starts[row])
        afters[row] = len(kinds)

    def _word(self, start: int, end: int) -> None:
        text = self._text
        flags = self._flags(text[start:end], text[end : end + 1])
        if text[end : end + 1] == b"=" and end - start <= MAX_PARAMETER and text.endswith(_BEFORE_PARAMETER, 0, start):
            flags |= FIELD
        if flags:
            self._words.extend((start, end, self._open[-1][0] + 1 if self._open else 0, flags))

    def _flags(self, word: bytes, following: bytes) -> int:
        size = len(word)
        is_id = size > MAX_HEX_NAME and not word.translate(None, _NO_HEX)
        flags = NAME if not is_id and _has_stem(word, self._vocabulary.names) else 0
        if size >= MIN_TOKEN and _has(self._vocabulary.starts, _code(word[0] & 31, word[1] & 31, word[2] & 31)):
            flags |= TOKEN
        if size >= self._min_any or (size >= MIN_DENSE and _is_dense(word)):
            flags |= DENSE
        if not word.strip(b"0123456789.-_") and word[0] in b"23456":
            is_group = size == 4 and following and following[0] in _CARD_SEPARATORS
            flags |= DIGITS if size >= MIN_DIGITS or is_group else 0
        if size >= MIN_ACCOUNT or (size == ACCOUNT_GROUP and following == b" "):
            flags |= ACCOUNT if word[:2].isalpha() and word[:2].isupper() and word[2:4].isdigit() else 0
        return flags


_SEEN = (
    (HIGH, re.compile(rb"[\x80-\xff]")),
    (UNICODE, re.compile(rb"\\u")),
    (ESCAPED, re.compile(rb"\\(?:/|u00[2-7])")),
    (PERCENT, re.compile(rb"%")),
    (ENTITY, re.compile(rb"&[lgaq#]")),
    (SLASHES, re.compile(rb"//")),
    (AT, re.compile(rb"@")),
    (DEEP, re.compile(rb"\\{100}")),
    (DOLLAR, re.compile(rb"\$")),
    (AZURE, re.compile(rb"Q~")),
    (QUERY, re.compile(rb"\?[A-Za-z]")),
)


def _seen(text: bytes) -> int:
    return sum(bit for bit, sign in _SEEN if sign.search(text) is not None)


def _is_dense(word: bytes) -> bool:
    """Letters of both cases; or long, and no digest and no UUID."""
    if not word.islower() and not word.isupper() and word.lower() != word.upper():
        return True
    return len(word) >= MIN_LONG and word.translate(None, _NO_HEX) != b""


def _has_stem(word: bytes, names: bytearray) -> bool:
    first = second = 0
    for byte in word + b".":
        third = byte & 31 if byte in _LETTERS else 0
        if _has(names, _code(first, second, third)):
            return True
        first, second = second, third
    return False


def _code(first: int, second: int, third: int) -> int:
    return first << 10 | second << 5 | third


def _set(bits: bytearray, code: int) -> None:
    bits[code >> 3] |= 1 << (code & 7)


def _has(bits: bytearray, code: int) -> bool:
    return bool(bits[code >> 3] >> (code & 7) & 1)
