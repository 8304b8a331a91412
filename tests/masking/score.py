"""How many planted secrets of the services' documents leak, and how many harmless values are kept, by shape.

python -m tests.masking.score [--half unseen] [--seed N] [--show]
"""

from __future__ import annotations

import argparse
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from tests.masking.judged import DEFAULT, hidden, leaks, shown
from tests.masking.services import HALVES, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.masking.services.shapes import Document
    from tests.masking.templates import Drawn

TURNS = 2
"""So many times each document is drawn."""

COLUMNS = ("planted", "leaked", "harmless", "hidden")


class Score:
    """The counts of `COLUMNS` for each shape, and a line for each failure."""

    def __init__(self, half: str, seed: int) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.failures: list[str] = []
        for name, document, drawn in drawn_documents(half, seed):
            self._add(name, document, drawn)

    def share(self, shape: str, part: str, whole: str) -> float:
        counted = self.counts[shape]
        return 100 * counted[part] / counted[whole] if counted[whole] else 0.0

    def table(self) -> str:
        lines = [f"{'shape':16}{'planted':>9}{'leaked':>8}{'%':>8}{'harmless':>10}{'kept':>8}{'%':>8}"]
        for shape, counted in sorted(self.counts.items()):
            kept = counted["harmless"] - counted["hidden"]
            leaked = f"{counted['planted']:9}{counted['leaked']:8}{self.share(shape, 'leaked', 'planted'):8.2f}"
            shown = f"{counted['harmless']:10}{kept:8}{100 - self.share(shape, 'hidden', 'harmless'):8.2f}"
            lines.append(f"{shape:16}{leaked}{shown}")
        return "\n".join(lines)

    def _add(self, name: str, document: Document, drawn: Drawn) -> None:
        seen = shown(drawn.text, document.place, DEFAULT)
        leaked, lost = leaks(drawn, seen), hidden(drawn, seen.field)
        numbers = (len(drawn.secrets), len(leaked), len(drawn.spans("kept")), len(lost))
        for shape in (document.shape, "~ all"):
            self.counts.setdefault(shape, Counter()).update(dict(zip(COLUMNS, numbers, strict=True)))
        place = f"{name}, {document.shape}"
        self.failures += [f"{place}: leaks {secret.text!r} in {_near(seen.field, secret.text)}" for secret in leaked]
        self.failures += [f"{place}: hides {value!r} of {drawn.text[:300]!r}" for value in lost]


def drawn_documents(half: str, seed: int) -> Iterator[tuple[str, Document, Drawn]]:
    for name, documents in services(half).items():
        for number, document in enumerate(documents):
            for turn in range(TURNS):
                yield name, document, document.drawn(Random(f"{seed}/{turn}/{name}/{number}"))


def _near(field: str, secret: str) -> str:
    at = max(0, field.find(secret[-6:]))
    return repr(field[max(0, at - 100) : at + 60])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="seen")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="name each failure")
    asked = parser.parse_args()
    score = Score(asked.half, asked.seed)
    print(score.table())
    if asked.show:
        print(*score.failures, sep="\n")


if __name__ == "__main__":
    main()
