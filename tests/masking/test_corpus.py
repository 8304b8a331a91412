"""No piece of a secret in any exporter's bytes: the corpus, its unseen half, and documents of real shape.

The unseen half is drawn by AFTERCALL_MASKING_SEED, on CI by the commit, so that each push sees other secrets.
"""

from __future__ import annotations

import os
from itertools import islice

import pytest

from aftercall.command.check.leaks import leaked
from aftercall.pipeline.redact import Redactor
from tests.masking.corpus import Case, cases
from tests.masking.pipeline import Seen, record_of, sent
from tests.masking.precision import shown

KNOWN_SEED = 1
UNSEEN_SEED = int((os.environ.get("AFTERCALL_MASKING_SEED") or os.environ.get("GITHUB_SHA") or "2")[:12], 16)
OURS = "".join(sent(record_of(Seen(), Redactor(bodies=True))).values())
"""What stands in every record: eight hexadecimal digits of a secret may be those of a request id."""

SHARES = 8
"""Each seed's corpus has some 3,500 cases; a run takes every eighth of them, another eighth for another seed."""


def chosen(seed: int) -> list[Case]:
    return list(islice(cases(seed), seed % SHARES, None, SHARES))


def leaks(case: Case) -> list[str]:
    redactor = Redactor(bodies=True)
    exported = sent(record_of(case.seen, redactor))
    assert not redactor.withheld, f"{case.name}: a fault was hidden by withholding"
    pieces = {piece for piece in case.secret.pieces() if piece not in OURS}
    return [
        f"seed case {case.name}: {exporter} shows {found[0]!r} of {case.secret.value!r} ({case.secret.name})"
        for exporter, text in exported.items()
        if (found := leaked(text, pieces))
    ]


@pytest.mark.parametrize("seed", [KNOWN_SEED, UNSEEN_SEED], ids=["known", "unseen"])
def test_no_piece_of_a_secret_leaves_by_any_exporter(seed: int) -> None:
    drawn = chosen(seed)
    assert len(drawn) >= 400
    found = [leak for case in drawn for leak in leaks(case)]
    assert not found, f"AFTERCALL_MASKING_SEED={seed:x}\n" + "\n".join(found)


@pytest.mark.parametrize("seed", [KNOWN_SEED, UNSEEN_SEED], ids=["known", "unseen"])
def test_documents_of_real_shape_keep_what_is_harmless_and_nothing_else(seed: int) -> None:
    harmless = hidden = 0
    for one in shown(seed, Redactor(bodies=True)):
        for secret in one.secrets:
            for exporter, text in one.exported.items():
                assert not leaked(text, secret.pieces()), (
                    f"AFTERCALL_MASKING_SEED={seed:x} {one.document}: {secret} in {exporter}"
                )
        harmless += one.harmless
        hidden += len(one.hidden)
    print(f"readable: {harmless - hidden} of {harmless} harmless values, {100 * (1 - hidden / harmless):.2f} %")
    assert hidden <= harmless * 0.005, f"AFTERCALL_MASKING_SEED={seed:x}"


def test_the_search_for_leaks_finds_what_is_coded() -> None:
    """The corpus is worth what this search is: each coding that it undoes, with a secret left in."""
    import base64
    import gzip
    import json

    secret = "hunter2-Zx81"
    coded = [
        json.dumps({"a": json.dumps({"b": json.dumps([secret])})}),
        "".join(f"\\u{ord(letter):04x}" for letter in secret),
        "x=" + "".join(f"%{ord(letter):02X}" for letter in secret),
        base64.b64encode(b'{"password": "' + secret.encode() + b'"}').decode(),
        base64.urlsafe_b64encode(gzip.compress(secret.encode())).decode(),
        "".join(f"&#{ord(letter)};" for letter in secret),
    ]
    assert [bool(leaked(text, [secret[:8]])) for text in coded] == [True] * len(coded)


@pytest.mark.parametrize("made", [0, 0x3FF, 0xFFFFFFFF, 1_764_000_000])
def test_gzip_in_base64_is_found_whenever_it_was_made(made: int) -> None:
    """The time in its head may code to `+` and `/`, between which no word is long enough to be looked at."""
    import base64
    import gzip
    import json

    packed = base64.b64encode(gzip.compress(json.dumps({"password": "hunter2-Zx81"}).encode(), mtime=made)).decode()
    seen = Seen(event=json.dumps({"awslogs": {"data": packed}}).encode())
    exported = sent(record_of(seen, Redactor(bodies=True)))
    assert not any(leaked(text, ["hunter2-"]) for text in exported.values())


def test_a_cookie_of_a_list_of_objects_has_no_name_in_its_value() -> None:
    seen = Seen(event=b'{"cookies": [{"name": "lang", "value": "wJalrXUtnFEMIK7MDENGbPxRfiCYzz=="}]}')
    exported = sent(record_of(seen, Redactor(bodies=True)))
    assert not any(leaked(text, ["wJalrXUt"]) for text in exported.values())
