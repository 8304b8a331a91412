"""The list of guards fits the sources: each place is there, and each test that is named exists."""

from __future__ import annotations

import re

import pytest

from tests.tools.mutants import guards

GUARDS = guards.load()


@pytest.mark.parametrize("guard", GUARDS, ids=[f"{guard.part}-{guard.name}".replace(" ", "_") for guard in GUARDS])
def test_the_place_and_the_tests_are_there(guard):
    text = (guards.ROOT / guard.file).read_text()

    assert guard.broken(text) != text
    for name in guard.test:
        path, _, function = name.partition("::")
        tests = (guards.ROOT / path).read_text()
        assert not function or re.search(rf"^def {function.partition('[')[0]}\(", tests, re.MULTILINE), name


def test_there_are_enough_over_all_parts():
    parts = {guard.part for guard in GUARDS}

    assert len(GUARDS) >= 80
    assert parts >= {"launcher", "python", "nodejs", "java", "extension", "masking", "delivery", "command", "sandbox"}
    assert len({(guard.part, guard.name) for guard in GUARDS}) == len(GUARDS)
