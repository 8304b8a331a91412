package aftercall.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writing side of SPOOL_FORMAT.md. One lock, held for the microseconds of a write: frames of all threads follow
 * each other, and none goes into a segment that was renamed. A write that takes long is the last of its invocation, and
 * no other thread waits for its end: what it has to write is lost. Nothing here throws.
 */
class Spool {
    static final long SEGMENT_BYTES = 8 << 20;
    static final long UNREAD_BYTES = 64 << 20;
    static final long LOOK_BYTES = 1 << 20; // written by us since the folder was last looked at, before it is again
    static final int INVOCATION_FRAMES = 10_000;
    static final long INVOCATION_BYTES = 8 << 20;

    /** Longer than this no thread of the function waits for a disk, once in an invocation. */
    static final long SLOW_NANOS = 100_000_000;

    /** What slow writes may take of an invocation: one may be a collector's doing, or a busy machine's. */
    static final long BEARABLE_NANOS = 250_000_000;

    private long waitedNanos;

    private static final String NO_CLIENT = "no known runtime client was loaded";
    private static final int NAMES = 1000; // that may be taken already, before a segment is given up
    private static final int ATTEMPTS = 3; // segments that may fail in a row before nothing is tried any more
    private static final int BUFFER_BYTES = 32 << 10;

    private final String folder;
    private final Path folderPath;
    private final String versions;
    private final Map<String, Long> lost = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();
    private ByteBuffer buffer;
    private String client;
    private String notWatched = NO_CLIENT;
    private long lostBytes;
    private long pid;
    private long start;
    private long number;
    private String name; // of the open segment, without its ending
    private Path path;
    private long size;
    private long unlooked;
    private int frames;
    private long bytes;
    private int failures;
    private String off;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean isStuck;
    private final AtomicLong passedBy = new AtomicLong();

    Spool(String folder, String runtimeVersion, String wrapperVersion) {
        this.folder = folder;
        folderPath = Paths.get(folder);
        versions = new Json(128)
                .field("runtime", "java")
                .field("runtime_version", runtimeVersion)
                .field("wrapper", wrapperVersion)
                .toString();
        beginProcess();
    }

    /** For tests: how long a write took. */
    long nanoTime() {
        return System.nanoTime();
    }

    /** False: a write of another thread takes too long to be waited for. The thread's interrupt is the user's. */
    private boolean enter() {
        if (lock.tryLock()) {
            return true;
        }
        boolean interrupted = Thread.interrupted();
        boolean entered = false;
        try {
            entered = !isStuck && lock.tryLock(SLOW_NANOS, TimeUnit.NANOSECONDS);
            isStuck |= !entered;
        } catch (InterruptedException exception) { // it has not waited to the end, so nothing is known of the disk
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return entered;
    }

    private void leave() {
        lock.unlock();
    }

    /** A new identity: at the start, and when a snapshot was restored. What an earlier one left open is the reader's. */
    void beginProcess() {
        if (!enter()) {
            return;
        }
        try {
            pid = Clock.pid();
            start = Clock.now();
            number = 0;
            path = null;
            size = 0;
            unlooked = LOOK_BYTES;
            beginInvocation();
        } finally {
            leave();
        }
    }

    /** A new invocation: bounds begin anew, and a folder that was gone is looked for again. */
    void beginInvocation() {
        if (!enter()) {
            return;
        }
        try {
            frames = 0;
            bytes = 0;
            failures = 0;
            waitedNanos = 0;
            off = null;
            isStuck = false;
        } finally {
            leave();
        }
    }

    void client(String name) {
        if (!enter()) {
            return;
        }
        try {
            client = name;
            notWatched = null;
        } finally {
            leave();
        }
    }

    void notWatched(String why) {
        if (!enter()) {
            return;
        }
        try {
            if (client == null) {
                notWatched = why;
            }
        } finally {
            leave();
        }
    }

    /** A runtime client begins to run, and will ask for events: whether it can be watched is not known yet. */
    void expectClient() {
        if (!enter()) {
            return;
        }
        try {
            notWatched = NO_CLIENT.equals(notWatched) ? null : notWatched;
        } finally {
            leave();
        }
    }

    void countFault(String hook) {
        if (!enter()) {
            return;
        }
        try {
            add(faults, hook);
        } finally {
            leave();
        }
    }

    /** Append one frame; what is lost is counted by its reason. */
    void write(Frame frame) {
        if (!enter()) {
            passedBy.incrementAndGet();
            return;
        }
        try {
            boolean closing = frame.kind.equals("call_end") || frame.kind.equals("invocation_end");
            if (frames >= INVOCATION_FRAMES || bytes >= INVOCATION_BYTES) {
                if (!closing) {
                    lose("invocation_cap", frame.payload());
                    return;
                }
                frame.dropParts();
            }
            int length = frame.size();
            if (length < 0) {
                lose("header_too_long", 0);
                return;
            }
            frames++;
            bytes += length;
            String reason = off;
            if (reason == null) {
                boolean due = closing || frame.kind.equals("invocation_start");
                reason = append(due ? dropsBefore(frame) : null, frame);
            }
            if (reason != null) {
                lose(reason, length);
            }
        } finally {
            leave();
        }
    }

    /** Two frames of one call, between which nothing could wait: one write where the bounds allow. */
    void write(Frame first, Frame last) {
        if (!enter()) {
            passedBy.addAndGet(2);
            return;
        }
        try {
            boolean isBounded = off != null || frames >= INVOCATION_FRAMES - 1 || bytes >= INVOCATION_BYTES;
            if (isBounded || first.size() < 0 || last.size() < 0) {
                write(first);
                write(last);
                return;
            }
            frames += 2;
            bytes += first.size() + last.size();
            String reason = append(dropsBefore(last), first, last);
            if (reason != null) {
                lose(reason, first.size());
                lose(reason, last.size());
            }
        } finally {
            leave();
        }
    }

    /** Rename the open segment to .ready: the bell. */
    void seal() {
        if (!enter()) {
            return;
        }
        try {
            if (path != null) {
                SegmentFile.rename(path, Paths.get(name + ".ready"));
                path = null;
            }
        } finally {
            leave();
        }
    }

    private void lose(String reason, long size) {
        add(lost, reason);
        lostBytes += size;
    }

    /** Not by Map.merge and a lambda: the first lambda of a process costs it milliseconds. */
    private static void add(Map<String, Long> counts, String name) {
        Long count = counts.get(name);
        counts.put(name, count == null ? 1 : count + 1);
    }

    /** Null when written, else the reason why not. {@code drops}, if any, goes before the frame. */
    private String append(Frame drops, Frame... frames) {
        long begun = nanoTime();
        String reason =
                path == null || size > SEGMENT_BYTES ? beginSegment(drops, frames) : continueSegment(drops, frames);
        long took = nanoTime() - begun;
        waitedNanos += took > SLOW_NANOS ? took : 0;
        if (waitedNanos > BEARABLE_NANOS) {
            off = "slow";
        }
        if (reason == null && drops != null) {
            lost.clear();
            faults.clear();
            lostBytes = 0;
        }
        return reason;
    }

    private String continueSegment(Frame drops, Frame[] frames) {
        try {
            ByteBuffer bytes = gather(null, drops, frames);
            int length = bytes.remaining();
            if (SegmentFile.append(path, bytes, size)) {
                size += length;
                return null;
            }
            path = null;
            return failed("short_write");
        } catch (NoSuchFileException taken) {
            return beginSegment(drops, frames);
        } catch (IOException | RuntimeException exception) {
            path = null;
            return failed("write");
        }
    }

    private String beginSegment(Frame drops, Frame[] frames) {
        path = null;
        unlooked += size;
        size = 0;
        if (unlooked >= LOOK_BYTES) {
            long unread = SegmentFile.folderSize(folderPath, UNREAD_BYTES);
            if (unread < 0 || unread > UNREAD_BYTES) {
                off = unread < 0 ? "off" : "unread_cap";
                return off;
            }
            unlooked = 0;
        }
        Frame process = processFrame();
        for (int i = 0; i < NAMES; i++) {
            String candidate = folder + '/' + pid + '-' + start + '-' + ++number;
            Path file = Paths.get(candidate + ".open");
            try {
                ByteBuffer bytes = gather(process, drops, frames);
                int length = bytes.remaining();
                if (!SegmentFile.create(file, bytes)) {
                    return failed("short_write");
                }
                name = candidate;
                path = file;
                size = length;
                failures = 0;
                return null;
            } catch (FileAlreadyExistsException next) {
                continue;
            } catch (NoSuchFileException gone) {
                off = "off";
                return off;
            } catch (IOException | RuntimeException exception) {
                return failed("write");
            }
        }
        return failed("write");
    }

    /** Not again and again within one invocation. */
    private String failed(String reason) {
        if (++failures >= ATTEMPTS) {
            off = reason;
        }
        return reason;
    }

    /** The bytes of all; {@code process} and {@code drops} may be null. */
    private ByteBuffer gather(Frame process, Frame drops, Frame[] frames) {
        int length = (process == null ? 0 : process.size()) + (drops == null ? 0 : drops.size());
        for (Frame frame : frames) {
            length += frame.size();
        }
        ByteBuffer to = length > BUFFER_BYTES ? ByteBuffer.allocateDirect(length) : smallBuffer();
        if (process != null) {
            process.put(to);
        }
        if (drops != null) {
            drops.put(to);
        }
        for (Frame frame : frames) {
            frame.put(to);
        }
        // Through the superclass: ByteBuffer's own flip() came with Java 9.
        ((java.nio.Buffer) to).flip();
        return to;
    }

    private ByteBuffer smallBuffer() {
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        }
        ((java.nio.Buffer) buffer).clear();
        return buffer;
    }

    private Frame processFrame() {
        Frame frame = new Frame("process", start, null)
                .with("format", 1)
                .with("pid", pid)
                .with("start", start)
                .with("client", client);
        if (client == null) {
            frame.with("not_watched", notWatched);
        }
        frame.tail(versions).size();
        return frame;
    }

    /** Null where nothing was lost. */
    private Frame dropsBefore(Frame before) {
        for (long passed = passedBy.getAndSet(0); passed > 0; passed--) {
            add(lost, "slow");
        }
        if (lost.isEmpty() && faults.isEmpty()) {
            return null;
        }
        Frame frame = new Frame("drops", before.time, before.requestId)
                .withJson("frames", counters(lost))
                .with("bytes", lostBytes)
                .withJson("faults", counters(faults));
        return frame.size() < 0 ? null : frame;
    }

    private static String counters(Map<String, Long> counts) {
        Json json = new Json(64).raw("{");
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.raw(json.size() > 1 ? "," : "").quote(count.getKey()).raw(":").raw(Long.toString(count.getValue()));
        }
        return json.raw("}").toString();
    }
}
