"""The reading side of runtime_wrappers/SPOOL_FORMAT.md: bytes in, frames and losses out, no I/O."""

from aftercall.spool.frames import FORMAT, Frame, Loss
from aftercall.spool.reader import SegmentReader
from aftercall.spool.segment_name import SegmentName

__all__ = ["FORMAT", "Frame", "Loss", "SegmentName", "SegmentReader"]
