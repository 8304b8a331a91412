"""A recorded segment, whole: what was read of it already included. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.spool.frames import Loss
from aftercall.spool.head import HEAD_BYTES, Head, is_being_made
from aftercall.spool.progress import Progress

if TYPE_CHECKING:
    from aftercall.spool.frames import Frame


def read_recorded(data: bytes) -> tuple[list[Frame], Loss | None]:
    """Its frames, and what was lost. Bytes that the extension has wiped are lost."""
    head = data[:HEAD_BYTES]
    if is_being_made(head):
        return [], None
    known = Head(head)
    if known.damage:
        return [], Loss(len(data), known.damage)
    known.done = known.base
    progress = Progress()
    start, end = progress.next_range(known, len(data))
    frames = progress.feed(data[start:end])
    progress.end()
    return frames, progress.reader.loss
