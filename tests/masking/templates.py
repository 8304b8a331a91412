"""Documents as texts with marks: where a secret stands, and which values are harmless and must stay readable.

    {"password": "⟦pw⟧", "retries": «3», "id": "«~uuid»"}

`⟦form⟧` is a secret, drawn from a seed. `⟦sk_live_|an24⟧` has its issuer's prefix, which may be seen, and 24 letters and
digits; `⟦an3+8Q~+url34⟧` is of parts. `⟦pw#1⟧` is the same secret wherever `#1` stands. `«value»` is harmless, `«~form»` is harmless and drawn.
`¦` stands where one can tell for the first time that the value is a secret: a document that is cut before it may show it.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.masking.secrets import ALNUM, BASE64, HEX, KINDS, UPPER32, URLSAFE, chars

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

PIECE = 6
"""So many characters of a secret in a row must not be seen, behind its public prefix."""

_MARK = re.compile(r"⟦(?P<secret>[^⟧]*)⟧|«(?P<kept>[^»]*)»|(?P<told>¦)")
_FORM = re.compile(r"([a-z]+?)(\d*)$")
_ALPHABETS = {
    "an": ALNUM, "lan": string.ascii_lowercase + string.digits, "hex": HEX, "uphex": HEX.upper(), "url": URLSAFE, "base": BASE64,
    "up": UPPER32, "uan": string.ascii_uppercase + string.digits,
}  # fmt: skip
_WORDS = (
    "Tr0ub4dor", "hunter", "Corr3ct", "h0rse", "battery", "St4ple", "velvet", "Quarrel", "oz0ne", "lantern", "Muddle", "grav3l", "Sommer",
    "kaktus", "P4pagei", "zitrone", "Winter", "monkey",
)  # fmt: skip
_KINDS = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Piece:
    text: str
    role: str = ""
    """`secret`, `kept`, or empty: what may be shown or not."""
    public: int = 0
    """So many first characters of a secret may be seen."""


@dataclass(frozen=True)
class Drawn:
    pieces: tuple[Piece, ...]
    told: int | None = None
    """Where the mark `¦` stood."""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def secrets(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.role == "secret"]

    def spans(self, role: str) -> list[tuple[int, int]]:
        found, at = [], 0
        for piece in self.pieces:
            if piece.role == role:
                found.append((at, at + len(piece.text)))
            at += len(piece.text)
        return found

    def first_cut(self) -> int:
        """From here on a cut document must not show what is left of its secrets."""
        return self.told if self.told is not None else min((start + 1 for start, _ in self.spans("secret")), default=0)

    def around(self, before: str, coded: Callable[[str], str], after: str) -> Drawn:
        """This document within another one that codes each character by itself, as strings of JSON do."""
        inner = [replace(piece, text=coded(piece.text)) for piece in self.pieces]
        told = None if self.told is None else len(before) + len(coded(self.text[: self.told]))
        return Drawn((Piece(before), *inner, Piece(after)), told)


def draw(template: str, rng: Random, same: dict[str, Piece] | None = None) -> Drawn:
    """`same`: the secrets with `#label` of other templates of the case."""
    same = {} if same is None else same
    pieces: list[Piece] = []
    told, at = None, 0
    for mark in _MARK.finditer(template):
        pieces.append(Piece(template[at : mark.start()]))
        at = mark.end()
        if mark["secret"] is not None:
            pieces.append(_secret(mark["secret"], rng, same))
        elif mark["kept"] is not None:
            kept = mark["kept"]
            pieces.append(Piece(_value(kept[1:], rng)[0] if kept[:1] == "~" else kept, "kept"))
        else:
            told = sum(len(piece.text) for piece in pieces)
    pieces.append(Piece(template[at:]))
    return Drawn(tuple(piece for piece in pieces if piece.text), told)


def _secret(spec: str, rng: Random, same: dict[str, Piece]) -> Piece:
    described, _, label = spec.partition("#")
    if label in same:
        return same[label]
    prefix, bar, form = described.rpartition("|")
    value, public = _value(form, rng)
    drawn = Piece(prefix + value, "secret", len(prefix) if bar else public)
    if label:
        same[label] = drawn
    return drawn


def _value(spec: str, rng: Random) -> tuple[str, int]:
    if spec in _KINDS:
        drawn = _KINDS[spec].draw(rng)
        return drawn.value, drawn.public
    return "".join(_part(part, rng) for part in spec.split("+")), 0


def _part(part: str, rng: Random) -> str:
    named = _FORM.match(part)
    if named and named[1] in _ALPHABETS:
        return chars(rng, _ALPHABETS[named[1]], int(named[2]))
    return _FORMS[named[1]](rng, int(named[2] or 0)) if named and named[1] in _FORMS else part


def _password(rng: Random, _length: int) -> str:
    words = rng.sample(_WORDS, 2)
    return rng.choice(["{0}-{1}{2}", "{0}{2}{1}", "{0}_{2}-{1}", "{0}.{1}.{2}", "{2}{0}{1}!"]).format(
        *words, rng.randint(10, 9999)
    )


def _digits(rng: Random, length: int) -> str:
    return rng.choice("123456789") + "".join(rng.choice(string.digits) for _ in range(length - 1))


def _uuid(rng: Random, _length: int) -> str:
    text = chars(rng, HEX, 32)
    return "-".join((text[:8], text[8:12], "4" + text[13:16], "a" + text[17:20], text[20:]))


def _iban(between: str) -> Callable[[Random, int], str]:
    def make(rng: Random, _length: int) -> str:
        account = _digits(rng, 18)
        check = 98 - int(account + "131400") % 97  # "DE00", as numbers, stands behind the account
        text = f"DE{check:02}{account}"
        return between.join(text[at : at + 4] for at in range(0, len(text), 4))

    return make


def _card(between: str) -> Callable[[Random, int], str]:
    def make(rng: Random, _length: int) -> str:
        digits = _luhn("4" + _digits(rng, 14))
        return between.join(digits[at : at + 4] for at in range(0, 16, 4))

    return make


def _luhn(digits: str) -> str:
    doubled = [int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits))]
    return digits + str(-sum(number - 9 if number > 9 else number for number in doubled) % 10)


def _bytes(between: str, form: str) -> Callable[[Random, int], str]:
    return lambda rng, length: between.join(format(rng.randint(16, 255), form) for _ in range(length))


_FORMS: dict[str, Callable[[Random, int], str]] = {
    "pw": _password, "d": _digits, "uuid": _uuid, "iban": _iban(""), "ibangroups": _iban(" "),
    "cardnumber": _card(""), "carddots": _card("."), "cardnbsp": _card("\u00a0"), "cardthin": _card("\u2009"), "cardtwo": _card("  "),
    "cardunder": _card("_"), "cardslash": _card("/"), "bytes": _bytes(",", "d"), "byteslist": _bytes(" ", "d"), "hexbytes": _bytes(" ", "02x"),
}  # fmt: skip
