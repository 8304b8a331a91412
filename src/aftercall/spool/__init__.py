"""The reading side of runtime_wrappers/SPOOL_FORMAT.md: a folder of segments, each a file of frames.

head, progress, reader and frames take bytes and open no file. folder and segment decide what is read and
when it is let go of. segment_file, names and note open files and parse no frames.
"""

from aftercall.spool.frames import Frame, Loss
from aftercall.spool.reader import SegmentReader
from aftercall.spool.segment_name import SegmentName

__all__ = ["Frame", "Loss", "SegmentName", "SegmentReader"]
