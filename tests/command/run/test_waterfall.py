"""The waterfall on terminals of any width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from aftercall.command.run.trace import Span
from aftercall.command.run.waterfall import Waterfall, shortened

HOST_AND_PATH = "payments.eu-central-1.example.com/v1/orders/17/charge?dry=1"
PATH = "/v1/orders/17/charge?dry=1"
EXAMPLES = {
    80: HOST_AND_PATH,
    len(HOST_AND_PATH): HOST_AND_PATH,
    50: f"…u-central-1.example.com{PATH}",
    len(PATH) + 2: f"…m{PATH}",
    len(PATH) + 1: f"…{PATH}",
    20: f"…{PATH[-19:]}",
}


def span(name, start, end, *children, failed=False, **attributes):
    told = {key.replace("__", "."): value for key, value in attributes.items()}
    resource = {"faas.name": "checkout"}
    return Span("t", name, "", name, start * 10**6, end * 10**6, failed, told, resource, {}, list(children))


@pytest.mark.parametrize("cells", EXAMPLES)
def test_the_host_is_cut_before_the_path(cells):
    assert shortened(HOST_AND_PATH, cells) == EXAMPLES[cells]
    assert len(shortened(HOST_AND_PATH, cells)) <= cells


@pytest.mark.parametrize("width", [60, 80, 130, 200])
def test_every_width_shows_path_outcome_time_and_bar(width):
    hung = {"aftercall__stage": "response_head", "aftercall__open": True}
    call = span(
        "call", 100, 2900, failed=True, http__request__method="POST", url__full=f"https://{HOST_AND_PATH}", **hung
    )
    root = span("invocation", 0, 3000, call, failed=True, aftercall__status="timeout")
    out = io.StringIO()
    Console(file=out, width=width).print(Waterfall(root))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    first, second = lines
    assert first.startswith("checkout")
    assert "dry=1" in second
    assert ("HUNG in response_head" in second, "2,800.0 ms" in second, "██" in second) == (width >= 80, True, True)
    assert "HUNG in" in second
    assert ("https://" in second) == (width >= 130)
