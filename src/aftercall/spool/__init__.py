"""The reading side of runtime_wrappers/SPOOL_FORMAT.md: a folder of segments, each a file of frames.

reader.py takes bytes and opens no file, folder.py opens files and parses no bytes.
"""

from aftercall.spool.frames import FORMAT, Frame, Loss
from aftercall.spool.reader import SegmentReader
from aftercall.spool.segment_name import SegmentName

__all__ = ["FORMAT", "Frame", "Loss", "SegmentName", "SegmentReader"]
