"""The extension's Python part: puts the pieces together and runs the loop. Started by the launcher, by nobody else."""

from __future__ import annotations

import os
import select
import sys

from aftercall.exporters.function import Function
from aftercall.extension import chosen_exporters, log_lines, settings, unpacked_folder
from aftercall.extension.flush import Flusher
from aftercall.extension.launcher_link import VARIABLE, Descriptors, LauncherGoneError, LauncherLink
from aftercall.extension.loop import MainLoop
from aftercall.extension.recorder import Recorder
from aftercall.extension.spool_folder import SpoolFolder
from aftercall.extension.telemetry import TelemetryListener

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from typing import Any, NoReturn

OUR_WRAPPERS = "/aftercall/"
"""Part of each of our wrapper scripts' paths in AWS_LAMBDA_EXEC_WRAPPER."""


def main() -> NoReturn:
    """Exit status 0 after SHUTDOWN or when the launcher is gone, 2 when nobody launched us."""
    try:
        descriptors = Descriptors(os.environ[VARIABLE])
    except KeyError:
        log_lines.write_line(f"aftercall: {VARIABLE} is not set: this is started by aftercall's launcher, in a layer")
        sys.exit(2)
    except ValueError as error:
        log_lines.write_line(f"aftercall: {error}")
        sys.exit(2)
    try:
        _run(descriptors)
    except LauncherGoneError:
        log_lines.debug("the launcher is gone")
    # Not sys.exit: a thread that waits for a backend must not keep the process.
    os._exit(0)


def _run(descriptors: Descriptors) -> None:
    link = LauncherLink(descriptors.events)
    init = _wait_for_init(link)
    chosen, complaints = settings.read(os.environ)
    log_lines.set_level(chosen.log_level)
    if init.get("incarnation") == 1:
        for complaint in complaints:
            log_lines.warn(complaint)
    log_lines.debug(
        f"init: incarnation {init.get('incarnation')}, {init.get('sinceStart')} ms after the launcher's start, "
        f"exporters: {', '.join(chosen.exporters) or 'none'}"
    )
    registered = init.get("registered")
    function = Function(registered if isinstance(registered, dict) else {}, os.environ)
    flusher = Flusher(chosen_exporters.make(chosen, function, os.environ))
    recorder = Recorder(SpoolFolder(chosen.spool_dir), bodies=flusher.bodies)
    telemetry = TelemetryListener(descriptors.telemetry)
    unpacked_folder.empty()
    loop = MainLoop(
        link,
        telemetry,
        descriptors.bell,
        recorder,
        flusher,
        budget_ms=chosen.export_budget_ms,
        expects_wrapper=OUR_WRAPPERS in os.environ.get("AWS_LAMBDA_EXEC_WRAPPER", ""),
        has_telemetry=init.get("telemetry") is True,
    )
    link.ready()
    log_lines.debug("init: ready")
    loop.run()


def _wait_for_init(link: LauncherLink) -> dict[str, Any]:
    """The launcher sends it first."""
    poll = select.poll()
    poll.register(link.descriptor, select.POLLIN)
    while (init := link.receive()) is None:
        poll.poll()
    return init


if __name__ == "__main__":
    main()
