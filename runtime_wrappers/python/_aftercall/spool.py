"""The writing side of SPOOL_FORMAT.md: what is rare. Nothing here waits or holds a lock.

Any thread, a signal handler or a destructor may come in between two lines. Frames are committed by one C call under the
GIL (native/segment.c), so a segment is never left or begun in the middle of a frame.
"""

from ._native import SegmentWriter, now, quoted

SHORT, OFF, UNREAD = -1, -2, -3  # native.h's SPOOL_*
FULL = 28, 122  # ENOSPC, EDQUOT: Linux's, since the module errno would be seen in sys.modules
FORMAT = 2
INVOCATION_FRAMES = 10_000
INVOCATION_BYTES = 8 << 20
ATTEMPTS = 3  # writes that may fail in a row before the writer waits for the next invocation


def fields(**values):
    """`,"name":value` for each value that is not None: the tail of a header."""
    return "".join([f",{quoted(name)}:{as_json(value)}" for name, value in values.items() if value is not None])


def as_json(value):
    """Bool and int as they are, all else as text."""
    if isinstance(value, int):
        return f"{value:d}" if value is not True and value is not False else "true" if value else "false"
    return quoted(str(value))


def frame(kind, time, tail):
    """One frame of this process itself, without parts: bytes."""
    header = f'{{"kind":"{kind}","time":{time}{tail}}}'.encode()
    return len(header).to_bytes(4, "little") + bytes(4) + header


class Writer(SegmentWriter):
    """The segments of this process. `folder` is where the launcher made the spool.

    The base has off, lost, faults, request_id, process_frame, pid, start, failures (writes in a row), and of the
    invocation frames, bytes and their caps.
    """

    def __init__(self, folder, runtime_version, wrapper_version):
        self.folder = folder.encode("utf-8", "surrogateescape").rstrip(b"/") or b"/"
        self.versions = fields(runtime="python", runtime_version=runtime_version, wrapper=wrapper_version)
        self.client = None
        self.not_watched = "no known runtime client was imported"
        self.lost_bytes = 0
        self.frame_cap, self.byte_cap = INVOCATION_FRAMES, INVOCATION_BYTES
        self.begin_process(self.folder)

    def forked(self):
        """In a forked child: segments, bounds and counters of its own."""
        self.lost, self.lost_bytes, self.faults = {}, 0, {}
        self.process_frame = None
        self.begin_process(self.folder)
        self.begin_invocation()

    def _failed(self, error, frames, size):
        """Give the frames up. A disk that is full or a folder that is gone is not tried again within one invocation."""
        reason = {SHORT: "short_write", OFF: "off", UNREAD: "unread_cap"}.get(error, "write")
        self.failures += 1
        if error in (OFF, UNREAD, *FULL) or self.failures == ATTEMPTS:
            self.off = reason
        return self._lose(reason, size, frames)

    def name_client(self, client):
        """`awslambdaric 4.2.2`, once it is imported."""
        self.client, self.process_frame = client, None

    def _make_process_frame(self):
        known = fields(
            format=FORMAT,
            pid=self.pid,
            start=self.start,
            client=self.client,
            not_watched=None if self.client else self.not_watched,
        )
        self.process_frame = made = frame("process", self.start, known + self.versions)
        return made

    def _lose(self, reason, size, frames=1):
        if frames:
            self.lost[reason] = self.lost.get(reason, 0) + frames
            self.lost_bytes += size
        return False

    def count_fault(self, name):
        self.faults[name] = self.faults.get(name, 0) + 1
        # By themselves in the init phase: when it fails, nothing comes after that could carry them.
        if not self.request_id and not self.off and self.frames < self.frame_cap:
            self.frames += 1
            self.tell_drops()

    def _take_drops(self):
        """The drops frame, and the counters that it holds (to give back when it could not be written)."""
        lost, self.lost = self.lost, {}
        lost_bytes, self.lost_bytes = self.lost_bytes, 0
        faults, self.faults = self.faults, {}
        framed = None
        try:
            owner = fields(request_id=self.request_id or None)
            tail = f'{owner},"frames":{counters(lost)},"bytes":{lost_bytes},"faults":{counters(faults)}'
            framed = frame("drops", now(), tail)
        finally:
            if framed is None:
                self._give_back((None, lost, lost_bytes, faults))
        return framed, lost, lost_bytes, faults

    def _give_back(self, drops):
        _, lost, lost_bytes, faults = drops
        for into, counts in ((self.lost, lost), (self.faults, faults)):
            for name, times in counts.items():
                into[name] = into.get(name, 0) + times
        self.lost_bytes += lost_bytes


def counters(counts):
    return "{" + fields(**counts)[1:] + "}"


writer = None  # the process's one Writer


def use(new):
    """Every frame goes through `new` from here on."""
    global writer
    writer = new
    new.use()
