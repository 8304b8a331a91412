"""The writing side of SPOOL_FORMAT.md: frames are appended to segments; nothing here waits or holds a lock.

Any thread, a signal handler or a destructor may come in between two lines. Each append is one C call under the GIL, so
a segment is never renamed in the middle of a frame; two threads that begin a segment at once leave two, and the
reader takes both.
"""

from itertools import count

from ._native import SegmentWriter, append, fields, folder_size, getpid, now, rename, was_slow

ENOENT, EEXIST, ENOTDIR = 2, 17, 20  # Linux's, since the module errno would be seen in sys.modules
FORMAT = 1
SEGMENT_BYTES = 8 << 20
UNREAD_BYTES = 64 << 20
LOOK_BYTES = 1 << 20  # written by us since the folder was last looked at, before it is looked at again
INVOCATION_FRAMES = 10_000
INVOCATION_BYTES = 8 << 20
ATTEMPTS = 3  # segments that may fail in a row before the writer waits for the next invocation


def frame(kind, time, tail):
    """One frame of this process itself, without parts: bytes."""
    header = f'{{"kind":"{kind}","time":{time}{tail}}}'.encode()
    return len(header).to_bytes(4, "little") + bytes(4) + header


class Writer(SegmentWriter):
    """The segments of this process. `folder` is where the launcher made the spool.

    The base writes what is plain, in C; what is here is rare. It has path, off, lost, faults, request_id, start, size
    (of the segment), frames and bytes (of the invocation) and their caps.
    """

    def __init__(self, folder, runtime_version, wrapper_version):
        self.folder = folder.encode("utf-8", "surrogateescape").rstrip(b"/") or b"/"
        self.versions = fields(runtime="python", runtime_version=runtime_version, wrapper=wrapper_version)
        self.client = None
        self.not_watched = "no known runtime client was imported"
        self.lost_bytes = 0
        self.frame_cap, self.byte_cap, self.segment_cap = INVOCATION_FRAMES, INVOCATION_BYTES, SEGMENT_BYTES
        self._begin_process()

    def _begin_process(self):
        self.pid, self.start = getpid(), now()
        # Drawn by one C call: two threads with the same number would make the same name twice, once it was renamed.
        self.numbers = count(1)
        self.path, self.size = None, 0
        self.unlooked = LOOK_BYTES
        self.process_frame = None
        self.renew()
        self.begin_invocation()

    def forked(self):
        """In a forked child: segments, bounds and counters of its own."""
        self.lost, self.lost_bytes, self.faults = {}, 0, {}
        self._begin_process()

    def begin_invocation(self):
        """A new invocation: caps begin anew, and a folder that was gone is looked for again."""
        self.frames = self.bytes = self.failures = 0
        self.off = None
        was_slow()  # that was the earlier one's

    def _append_rarely(self, carries_drops, buffers, size):
        """What the base could not append to the segment at hand. True when it is on disk."""
        if self.off:
            return self._lose(self.off, size)
        if carries_drops and (self.lost or self.faults):
            reason = self._append_with_drops(buffers, size)
        else:
            reason = self._append(buffers, size)
        return True if reason is None else self._lose(reason, size)

    def _append_with_drops(self, buffers, size):
        drops = self._take_drops()
        reason = "write"
        try:
            reason = self._append([drops[0], *buffers], len(drops[0]) + size)
        finally:
            if reason:
                self._give_back(*drops[1:])
        return reason

    def _append(self, buffers, size):
        """None when written, else the reason why not."""
        path = self.path
        if path is None or self.size > self.segment_cap:
            return self._begin_segment(buffers, size)
        error = append(path, False, buffers)
        if error == 0:
            self.size += size
            return None
        self.path = None
        if error == ENOENT:
            return self._begin_segment(buffers, size)
        return self._failed(error)

    def _append_failed(self, error, frames, size):
        """The base has tried: the segment is given up, the frames are lost."""
        reason = self._failed(error)
        for _ in range(frames - 1):
            self._lose(reason, 0)
        return self._lose(reason, size)

    def _begin_segment(self, buffers, size):
        self.unlooked += self.size
        self.size = 0
        if self.unlooked >= LOOK_BYTES:
            unread = folder_size(self.folder)
            if unread < 0 or unread > UNREAD_BYTES:
                self.off = "off" if unread < 0 else "unread_cap"
                return self.off
            self.unlooked = 0
        buffers = [self.process_frame or self._make_process_frame(), *buffers]
        error = EEXIST
        for _ in range(1000):
            path = b"%s/%d-%d-%d.open" % (self.folder, self.pid, self.start, next(self.numbers))
            error = append(path, True, buffers)
            if error != EEXIST:
                break
        if error == 0:
            self.path, self.size, self.failures = path, size, 0
            return None
        if error in (ENOENT, ENOTDIR):
            self.off = "off"
            return "off"
        return self._failed(error)

    def _failed(self, error):
        """A short write (-1) or an error, for instance a full disk: not again and again within one invocation."""
        reason = "short_write" if error < 0 else "write"
        self.failures += 1
        if self.failures >= ATTEMPTS:
            self.off = reason
        return reason

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
        self.process_frame = frame("process", self.start, known + self.versions)
        return self.process_frame

    def seal(self):
        """Rename the segment to .ready: the bell."""
        path, self.path = self.path, None
        if path is not None:
            rename(path, path[:-4] + b"ready")

    def _lose(self, reason, size):
        self.lost[reason] = self.lost.get(reason, 0) + 1
        self.lost_bytes += size
        return False

    def count_fault(self, name):
        self.faults[name] = self.faults.get(name, 0) + 1
        if not self.request_id:
            self._tell_drops()

    def _tell_drops(self):
        """By themselves, in the init phase: when it fails, nothing comes after that could carry them."""
        if self.off or self.frames >= self.frame_cap:
            return
        self.frames += 1
        self._append_with_drops([], 0)

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
                self._give_back(lost, lost_bytes, faults)
        return framed, lost, lost_bytes, faults

    def _give_back(self, lost, lost_bytes, faults):
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
