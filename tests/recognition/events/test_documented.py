"""Every source's event as its page shows it: what it is, what it is about, and what it shares with the sender."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.recognition.events import trigger_of
from aftercall.recognition.sources import table
from aftercall.recognition.trigger import KINDS
from tests.recognition.events.documented import DIRECT, EVENTS, STARTED

if TYPE_CHECKING:
    from aftercall.recognition.trigger import Trigger


def recognised(event: Any) -> Trigger | None:
    return trigger_of(json.dumps(event, ensure_ascii=False).encode(), STARTED)


@pytest.mark.parametrize("name", EVENTS)
def test_what_woke_the_function(name: str) -> None:
    event, expected = EVENTS[name]
    trigger = recognised(event)
    assert trigger is not None
    found = {key: getattr(trigger, key) for key in expected}
    if "nested" in expected:
        found["nested"] = [one.source for one in trigger.nested]
    assert found == expected
    assert trigger.kind in KINDS
    assert trigger.span_kind == ("consumer" if trigger.kind == "pubsub" else "server")


@pytest.mark.parametrize("name", DIRECT)
def test_what_says_nothing_of_a_source_is_a_direct_invoke(name: str) -> None:
    assert recognised(DIRECT[name]) is None


def test_there_is_an_event_for_every_source() -> None:
    found = {trigger.source for event, _ in EVENTS.values() if (trigger := recognised(event))}
    missing = {row[0] for row in (*table.READ, *table.PLAIN)} - found
    assert missing == {"http", "kinesis-analytics", "workmail", "sagemaker"}  # in test_sam_events.py and test_cut.py


@pytest.mark.parametrize("row", table.READ, ids=lambda row: row[3])
def test_every_reader_is_there(row: tuple[str, str, str, str]) -> None:
    module, _, function = row[3].partition(".")
    assert callable(getattr(table._MODULES[module](), function))
