"""What something takes of the processor, to be set against what it takes of it in the same run."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def least_seconds(run: Callable[[], object]) -> float:
    """Of three runs. Without the collector, whose passes take as long as what the tests before have left behind."""
    times = []
    gc.disable()
    try:
        for _ in range(3):
            began = time.process_time()
            run()
            times.append(time.process_time() - began)
    finally:
        gc.enable()
    return min(times)
