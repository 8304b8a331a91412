"""Whatever user code does: the function behaves as it does bare, and the record is right where it can be."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.sandbox import Bind
from tests.promises.side_by_side import Function, Ran, run
from tests.scenarios.scripts import answer, http
from tests.scenarios.sites import Site, Sites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path

    from aftercall.sandbox import Sandbox


@dataclass(frozen=True)
class Deed:
    """`does` are invocations of one function; `calls` is how many each record has, None where that cannot be known.

    `lossy`: frames were lost, by the user's deed, and that is told as drops; None: as it comes. `restarts`: after that
    invocation the environment is shut down, and begins anew with the same /tmp. `fatal`: the function does not survive
    it without us either.
    """

    does: tuple[str, ...]
    calls: tuple[int | None, ...]
    lossy: bool | None = False
    restarts: int | None = None
    fatal: bool = False
    handler: str = "whatever.handler"
    packages: str = "clients"
    settings: dict[str, Any] = field(default_factory=dict, hash=False)


TWICE = ("goes_on",)
TMP = {"tmp_mb": 8}
DEEDS = {
    "closes descriptors": Deed(("closes_descriptors", *TWICE), (1, 2)),
    "closes all descriptors": Deed(("closes_all_descriptors", *TWICE), (1, 2), fatal=True, settings={"timeout": 5.0}),
    # The folder may be made again only when the next invocation has begun.
    "empties /tmp": Deed(("empties_tmp", "empties_tmp", *TWICE, *TWICE), (None, None, None, 2), None),
    "fills /tmp": Deed(("fills_tmp", "fills_tmp", "clears_tmp", *TWICE), (None, None, None, 2), settings=TMP),
    "starts with a full /tmp": Deed(("fills_tmp", *TWICE, "clears_tmp"), (None, None, None), None, 0, settings=TMP),
    "forks": Deed(("forks", *TWICE), (4, 2)),
    "daemonises": Deed(("daemonises", *TWICE), (None, None)),
    "200 threads": Deed(("two_hundred_threads", *TWICE), (200, 2)),
    "SIGPIPE": Deed(("lets_sigpipe_kill", *TWICE), (2, 2)),
    "gc.freeze": Deed(("freezes_garbage", *TWICE), (2, 2)),
    "patches": Deed(("patches_what_it_can", *TWICE), (2, 2)),
    "traces": Deed(("traces", "monitors", *TWICE), (2, None, 2)),
    "umask 777": Deed(("forbids_all_modes", *TWICE), (2, 2)),
    "umask 0": Deed(("allows_all_modes", *TWICE), (2, 2)),
    "chdir": Deed(("changes_folder", *TWICE), (2, 2)),
    "few descriptors": Deed(("limits_descriptors", *TWICE), (2, 2)),
    "aws-xray-sdk": Deed(("xray", "calls"), (3, 3), handler="tracers.handler", packages="xray"),
    "opentelemetry": Deed(("opentelemetry", "calls"), (7, 3), handler="tracers.handler", packages="opentelemetry"),
    "ddtrace": Deed(("ddtrace", "calls"), (3, 3), handler="tracers.handler", packages="ddtrace"),
}
if os.geteuid() == 0:
    # The spool is out of reach for good, so that nothing can tell what was lost.
    DEEDS["chroot"] = Deed(("changes_root", *TWICE), (None, None))


class Plays:
    def __init__(self, pool: ThreadPoolExecutor, layer: Path) -> None:
        self.pool, self.layer, self.sites = pool, layer, Sites()
        self.url = self.sites.add(http(answer())).base + "/orders"

    @functools.cache  # noqa: B019  lives as long as the tests
    def begin(self, version: str, name: str) -> tuple[Future[Ran], Future[Ran]]:
        bare, watched = (self.pool.submit(self.play, version, DEEDS[name], layer) for layer in (None, self.layer))
        return bare, watched

    def play(self, version: str, deed: Deed, layer: Path | None) -> Ran:
        async def restart(sandbox: Sandbox, number: int) -> None:
            if number == deed.restarts:
                await sandbox.shutdown()

        function = Function(deed.handler, packages=deed.packages, settings=deed.settings)
        events = [{"do": do, "url": self.url} for do in deed.does]
        return run(function, events, version, layer, between=restart)


@pytest.fixture(scope="module")
def plays(request, pool, layer) -> Iterator[Plays]:
    made = Plays(pool, layer)
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.path == request.path and "name" in item.callspec.params:
            made.begin(item.callspec.params["version"], item.callspec.params["name"])
    yield made
    made.sites.close()


@pytest.mark.parametrize("name", DEEDS)
def test_whatever_user_code_does(plays: Plays, version: str, name: str) -> None:
    bare, watched = (future.result() for future in plays.begin(version, name))
    deed = DEEDS[name]
    assert deed.fatal or {outcome.status for outcome in bare.outcomes} == {"success"}, bare.outcomes
    drops = 0
    for number, calls in enumerate(deed.calls):
        assert watched.seen(number) == bare.seen(number)
        record = watched.record(number)
        assert deed.fatal or record["status"] == "ok", record
        assert "faults" not in record, record
        assert calls in {None, record["call_count"]}, record
        drops += sum(record.get("drops", {}).values())
    assert deed.lossy in {None, bool(drops)}, watched.extension_lines


@pytest.fixture
def receiver() -> Iterator[Site]:
    """An OTLP receiver over TLS."""
    sites = Sites()
    yield sites.add(http(answer(200)), tls=True)
    sites.close()


def test_tls_is_used_for_the_first_time_after_tmp_was_emptied(plays: Plays, receiver: Site, layer, version) -> None:
    """In the handler of the first invocation, before anything was exported."""
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.base, "OTEL_EXPORTER_OTLP_CERTIFICATE": "/opt/trust.pem"}
    settings = {"binds": [Bind(receiver.sites.authority.trust, "/opt/trust.pem")]}
    function = Function("whatever.handler", environment=environment, settings=settings)
    events = [{"do": do, "url": plays.url} for do in ("empties_tmp", "goes_on", "empties_tmp")]
    ran = run(function, events, version, layer)
    assert [outcome.status for outcome in ran.outcomes] == ["success"] * 3
    sent = b"".join(exchange.request_body for exchange in receiver.exchanges).decode()
    assert [outcome.request_id in sent for outcome in ran.outcomes] == [True] * 3, ran.extension_lines
