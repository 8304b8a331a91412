"""What every test may ask for: the built layer, and the Pythons that functions run under."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import built_layer
from tests.scenarios.chosen import everything, in_turns

if TYPE_CHECKING:
    from pathlib import Path

# Machines are shared and noisy: how long an example takes says nothing about the code.
settings.register_profile("noisy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("noisy")


NIGHTLY = (
    "tests/tools/bench/test_bench.py::test_it_gives_rows",
    "tests/tools/bench/test_bench.py::test_an_interrupted_bench",
    "tests/build_spec/test_reproducible.py",
    "tests/examples/test_examples.py::test_cdk",
    "tests/examples/test_examples.py::test_terraform",
    "tests/launcher/test_restarts.py::test_a_start_that_computes_for_ever",
    "tests/masking/test_growth.py::test_a_search",
    # java.net.http sees only after half a minute that an HTTP/2 connection was closed within a body.
    "tests/runtime_wrappers/java/test_table.py::test_nobody_notices[25-java.net.http-h2-closed_in_response_body",
    "tests/runtime_wrappers/java/test_table.py::test_the_records_are_right[25-java.net.http-h2-closed_in_response_body",
    "tests/recognition/aws/test_every_operation.py::test_every_operation_of_every_client",
    "tests/runtime_wrappers/nodejs/edges/test_edges.py::test_the_user_observes_the_same[node18-libraries",
    "tests/runtime_wrappers/nodejs/edges/test_edges.py::test_there_are_as_many_as_there_should_be[node18",
)
"""What `make test-all` alone runs, beside the whole product of each large table: minutes that seldom find anything."""

LONGEST = (
    "tests/promises/test_hooks_fail_open",
    "tests/scenarios/test_table",
    "tests/runtime_wrappers/java/test_table",
    "tests/runtime_wrappers/python/test_start",
    "tests/promises/test_function_never_notices",
    "tests/runtime_wrappers/nodejs/edges",
    "tests/examples",
)
"""Files of minutes: begun last, one of the workers would have nothing to do beside them."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if everything():
        return
    timely = [item for item in items if not item.nodeid.startswith(NIGHTLY)]
    kept = set(in_turns(timely))
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@pytest.fixture(scope="session")
def layer() -> Path:
    """The layer's zip."""
    return built_layer.path()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """On CI nothing is skipped for a missing tool: AFTERCALL_NO_SKIP makes a skip a failure."""
    report = yield
    if report.skipped and os.environ.get("AFTERCALL_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which AFTERCALL_NO_SKIP forbids: {report.longrepr}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name what fails when it fails: CI's run may be ended before the summary."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ and "AFTERCALL_NO_SKIP" in os.environ:
        reason = report.longreprtext.strip().splitlines() or ["?"]
        errors = [line for line in reason if line.startswith("E ")] or reason[-1:]
        print(f"\n{report.nodeid}: {errors[0][:300]}", flush=True)


def pytest_report_header() -> str:
    import awslambdaric

    return f"runtime client: awslambdaric {awslambdaric.__version__} on Python {platform.python_version()}"
