"""The names of attributes against those that OpenTelemetry publishes: a name of ours cannot pass for one of theirs."""

from __future__ import annotations

import importlib
from pathlib import Path

import opentelemetry.semconv
import pytest

from aftercall.exporters import otlp_json
from aftercall.formats import semconv

PACKAGE = Path(next(iter(opentelemetry.semconv.__path__)))

NOT_YET_PUBLISHED = {
    # In the registry (model/http/registry.yaml) since 1.44, and in no package yet.
    "http.request.body.content",
    "http.response.body.content",
}


def published() -> set[str]:
    """The values of all constants, templates of keys included: `http.request.header`."""
    found = set()
    for path in PACKAGE.rglob("*_attributes.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        module = importlib.import_module(".".join(("opentelemetry.semconv", *parts)))
        found |= {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
    return found


PUBLISHED = published()
OURS = {name: value for name, value in vars(semconv).items() if name.isupper()}


@pytest.mark.parametrize("name", OURS)
def test_each_key_is_published_or_ours(name: str) -> None:
    key = OURS[name].rstrip(".")
    assert key in PUBLISHED or key in NOT_YET_PUBLISHED or key.startswith("aftercall.")


def test_the_published_names_are_read() -> None:
    """What would make the test above pass for nothing."""
    assert len(PUBLISHED) > 500
    assert {"http.request.method", "faas.coldstart"} <= PUBLISHED
    assert not PUBLISHED & NOT_YET_PUBLISHED, "published by now: take it off the list"


@pytest.mark.parametrize("name", OURS)
def test_a_constant_is_named_after_its_key(name: str) -> None:
    said = OURS[name].rstrip(".").upper().replace(".", "_").replace("-", "_")
    assert name.removeprefix("PREFIX_") == said


def test_no_key_stands_twice() -> None:
    assert len(set(OURS.values())) == len(OURS)


def test_exporters_spell_out_no_key() -> None:
    source = Path(str(otlp_json.__file__)).parent
    for path in source.glob("otlp*.py"):
        text = path.read_text()
        assert not [key for key in OURS.values() if f'"{key}' in text or f'"{key}"' in text], path.name
