"""The entry point of the frozen program, and of `launcher python -m aftercall.extension`. Only composes."""

from __future__ import annotations

import os
import select
import sys
from typing import TYPE_CHECKING

from aftercall import settings
from aftercall.exporters.function import Function
from aftercall.extension import log_lines
from aftercall.extension.deliveries import Deliveries
from aftercall.extension.environment import Environment, why_not_watched
from aftercall.extension.exporting import make_exporters
from aftercall.extension.launcher_link import VARIABLE, Descriptors, LauncherGoneError, LauncherLink
from aftercall.extension.loop import Loop
from aftercall.extension.outlet import Outlet
from aftercall.extension.telemetry import TelemetryListener
from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.redact import Redactor
from aftercall.pipeline.stages import Stages
from aftercall.settings.masking_rules import masking_rules
from aftercall.spool.folder import SpoolFolder

if TYPE_CHECKING:
    from typing import Any

    from aftercall.masking.rules import Rules

INIT_PACKET_MS = 5_000


def main() -> int:
    """Exit status: 0 after SHUTDOWN, 2 when not started by the launcher."""
    given = os.environ.get(VARIABLE)
    if given is None:
        log_lines.write_line(f"aftercall: {VARIABLE} is not set: this program is started by the aftercall launcher")
        return 2
    try:
        descriptors = Descriptors(given)
    except ValueError as error:
        log_lines.write_line(f"aftercall: {error}")
        return 2
    chosen, complaints = settings.read(os.environ)
    rules = masking_rules(chosen, os.environ, complaints)
    log_lines.set_level(chosen.log_level)
    link = LauncherLink(descriptors.events)
    try:
        init = _first_packet(link)
        if init.get("incarnation", 1) == 1:  # a restarted process does not repeat them
            for complaint in complaints:
                log_lines.warn(complaint)
        loop = _compose(init, link, descriptors, chosen, rules)
        link.ready()
    except LauncherGoneError:
        return 0
    loop.run()
    return 0


def _first_packet(link: LauncherLink) -> dict[str, Any]:
    """The INIT packet; an empty one if none comes."""
    poll = select.poll()
    poll.register(link.descriptor, select.POLLIN)
    poll.poll(INIT_PACKET_MS)
    return link.receive() or {}


def _compose(
    init: dict[str, Any], link: LauncherLink, descriptors: Descriptors, chosen: settings.Settings, rules: Rules
) -> Loop:
    registered = init.get("registered")
    function = Function(registered if isinstance(registered, dict) else {}, os.environ)
    exporters = make_exporters(chosen, function, os.environ)
    names = ", ".join(exporter.name for exporter in exporters) or "none"
    log_lines.debug(
        f"init (incarnation {init.get('incarnation')}, {init.get('sinceStart')} ms after the launcher's start, "
        f"telemetry {init.get('telemetry')}, exporters {names})"
    )
    telemetry = TelemetryListener(descriptors.telemetry)
    redactor = Redactor(
        bodies=any(exporter.bodies for exporter in exporters), rules=rules, event_bytes=chosen.event_bytes
    )
    assembler = Assembler()
    assembler.processes.default_reason = why_not_watched(os.environ.get("AWS_LAMBDA_EXEC_WRAPPER", ""))
    stages = Stages(SpoolFolder(chosen.spool_dir), assembler, redactor, warn=log_lines.warn, debug=log_lines.debug)
    return Loop(
        environment=Environment(init, expects_wrapper=bool(os.environ.get("AWS_LAMBDA_EXEC_WRAPPER"))),
        link=link,
        telemetry=telemetry,
        bell_descriptor=descriptors.bell,
        stages=stages,
        deliveries=Deliveries(stages, telemetry, [Outlet(exporter) for exporter in exporters]),
        budget_ms=chosen.export_budget_ms,
    )


if __name__ == "__main__":
    status = main()
    # A thread that hangs in an export must not keep the process alive. Lines were written unbuffered.
    sys.stdout.flush()
    os._exit(status)
