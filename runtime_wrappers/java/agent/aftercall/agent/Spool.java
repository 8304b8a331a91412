package aftercall.agent;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writing side of SPOOL_FORMAT.md. One lock, held while frames are stored: those of all threads follow each other.
 * A write that takes long (a page that the disk must give, a large payload) is the last of its invocation, and no other
 * thread waits for its end: what it has to write is lost. Nothing here throws.
 */
class Spool {
    static final long UNREAD_BYTES = 64 << 20;
    static final long LOOK_BYTES = 1 << 20; // written by us since the folder was last looked at, before it is again
    static final int INVOCATION_FRAMES = 10_000;
    static final long INVOCATION_BYTES = 8 << 20;

    /** Longer than this no thread of the function waits for a disk, once in an invocation. */
    static final long SLOW_NANOS = 100_000_000;

    /** What slow writes may take of an invocation: one may be a collector's doing, or a busy machine's. */
    static final long BEARABLE_NANOS = 250_000_000;

    private static final int TURNS = 10; // of that length, that a thread waits for others' writes
    private static final int NAMES = 1000; // that may be taken already, before a segment is given up
    private static final int ATTEMPTS = 3; // segments that may fail in a row before nothing is tried any more

    /** Where the first mapping of a process costs as much as two thousand: it waits until an answer is out after these. */
    private static final int MANY_WRITES = 500;

    private final SpoolFolder folder;
    private final ProcessFrame process;
    private final Losses losses = new Losses();
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong passedBy = new AtomicLong();
    private volatile boolean isStuck; // the write that holds the lock
    private volatile int left; // how often the lock was given back
    private volatile boolean hasBell = true;
    private boolean maps = SegmentFile.isQuickToMap();
    private int plainWrites;
    private final Frame[] batch = new Frame[4]; // process, drops, one or two
    private Segment segment; // null: the next frame begins one
    private long number;
    private long unlooked;
    private long waitedNanos;
    private int frames;
    private long bytes;
    private int failures;
    private String off;

    Spool(String folder, String runtimeVersion, String wrapperVersion) {
        this.folder = new SpoolFolder(folder);
        process = new ProcessFrame(runtimeVersion, wrapperVersion);
        beginProcess();
    }

    /** For tests: how long a write took. */
    long nanoTime() {
        return System.nanoTime();
    }

    /**
     * False: a write of another thread takes too long to be waited for. While others come to an end it is not the disk
     * that one waits for, but one's turn. The thread's interrupt is the user's.
     */
    private boolean enter() {
        if (lock.tryLock()) {
            return true;
        }
        boolean interrupted = Thread.interrupted();
        boolean entered = false;
        try {
            for (int i = 0; i < TURNS && !entered && !isStuck; i++) {
                int before = left;
                entered = lock.tryLock(SLOW_NANOS, TimeUnit.NANOSECONDS);
                isStuck |= !entered && left == before;
            }
        } catch (InterruptedException exception) { // it has not waited to the end, so nothing is known of the disk
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return entered;
    }

    private void leave() {
        left++; // by the one who holds the lock
        isStuck = false;
        lock.unlock();
    }

    /** A new identity: at the start, and when a snapshot was restored. What an earlier one left is the reader's. */
    final void beginProcess() {
        if (!enter()) {
            return;
        }
        try {
            giveUp(Segment.CLOSED);
            process.begin(Clock.pid(), Clock.now());
            number = 0;
            unlooked = LOOK_BYTES;
            beginBounds();
        } finally {
            leave();
        }
    }

    /** A new invocation: bounds begin anew, and a folder that was gone is looked for again. */
    final void beginInvocation() {
        if (!enter()) {
            return;
        }
        try {
            beginBounds();
            if (segment != null) {
                beginAgain();
            }
        } finally {
            leave();
        }
    }

    private void beginBounds() {
        frames = 0;
        bytes = 0;
        failures = 0;
        waitedNanos = 0;
        off = null;
    }

    private void beginAgain() {
        try {
            if (hasBell && !segment.isOff()) {
                segment.beginAgain();
            } else {
                giveUp(Segment.CLOSED);
            }
        } catch (IOException | RuntimeException | InternalError gone) {
            giveUp(Segment.BROKEN);
        }
        hasBell = true;
    }

    private void giveUp(int mark) {
        Segment left = segment;
        segment = null;
        if (left != null) {
            left.close(mark);
        }
    }

    final void client(String name) {
        if (enter()) {
            process.client(name);
            leave();
        }
    }

    final void notWatched(String why) {
        if (enter()) {
            process.notWatched(why);
            leave();
        }
    }

    final void expectClient() {
        if (enter()) {
            process.expectClient();
            leave();
        }
    }

    final void countFault(String hook) {
        if (!enter()) {
            return;
        }
        try {
            losses.fault(hook);
        } finally {
            leave();
        }
    }

    /** Append one frame; what is lost is counted by its reason. */
    final void write(Frame frame) {
        write(frame, null);
    }

    /** The same with two frames of one call, between which nothing could wait: committed together. */
    final void write(Frame first, Frame last) {
        if (!enter()) {
            passedBy.addAndGet(last == null ? 1 : 2);
            return;
        }
        try {
            if (last == null) {
                writeOne(first);
            } else if (isNear()) {
                writeOne(first);
                writeOne(last);
            } else {
                writeBoth(first, last);
            }
        } finally {
            leave();
        }
    }

    /** To the invocation's bounds, or beyond. */
    private boolean isNear() {
        return off != null || frames >= INVOCATION_FRAMES - 1 || bytes >= INVOCATION_BYTES;
    }

    private void writeBoth(Frame first, Frame last) {
        if (first.size() < 0 || last.size() < 0) {
            writeOne(first);
            writeOne(last);
        } else {
            append(dropsBefore(last), first, last);
        }
    }

    private void writeOne(Frame frame) {
        boolean closing = frame.kind.equals("call_end") || frame.kind.equals("invocation_end");
        if (frames >= INVOCATION_FRAMES || bytes >= INVOCATION_BYTES) {
            if (!closing) {
                losses.lose("invocation_cap", 1, frame.payload());
                return;
            }
            frame.dropParts();
        }
        if (frame.size() < 0) {
            losses.lose("header_too_long", 1, 0);
            return;
        }
        boolean tells = closing || frame.kind.equals("invocation_start");
        append(tells && off == null ? dropsBefore(frame) : null, frame, null);
    }

    /** Ring the bell: an invocation is over. */
    final void ring() {
        hasBell = folder.ring();
        if (!maps && plainWrites > MANY_WRITES && enter()) {
            maps = true;
            mapSegment();
            leave();
        }
    }

    private void mapSegment() {
        if (segment != null) {
            segment = SegmentFile.mapped(segment);
        }
    }

    /** {@code drops} and {@code second} may be null. */
    private void append(Frame drops, Frame first, Frame second) {
        int count = second == null ? 1 : 2;
        int length = first.size() + (second == null ? 0 : second.size());
        frames += count;
        bytes += length;
        String reason = off == null ? timed(drops, first, second) : off;
        if (reason != null) {
            losses.lose(reason, count, length);
        } else if (drops != null) {
            losses.clear();
        }
    }

    /** Null when written, else the reason why not. */
    private String timed(Frame drops, Frame first, Frame second) {
        long begun = nanoTime();
        String reason = store(drops, first, second);
        long took = nanoTime() - begun;
        waitedNanos += took > SLOW_NANOS ? took : 0;
        if (waitedNanos > BEARABLE_NANOS) {
            off = "slow";
        }
        return reason;
    }

    private String store(Frame drops, Frame first, Frame second) {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                int length = lengthOf(drops) + first.size() + lengthOf(second);
                String reason = findRoom(length + process.frame().size());
                if (reason != null) {
                    return reason;
                }
                put(drops, first, second);
                unlooked += length;
                failures = 0;
                return null;
            } catch (NoSuchFileException gone) {
                giveUp(Segment.BROKEN); // user code has removed it: once more, in another one
            } catch (IOException | RuntimeException failed) {
                return failed("write");
            } catch (InternalError shrunk) {
                off = "write";
                return failed(off);
            }
        }
        return failed("write");
    }

    private static int lengthOf(Frame frame) {
        return frame == null ? 0 : frame.size();
    }

    private void put(Frame drops, Frame first, Frame second) throws IOException {
        Frame told = process.frame();
        int count = 0;
        if (segment.isEmpty() || segment.told != told) {
            batch[count++] = told;
        }
        if (drops != null) {
            batch[count++] = drops;
        }
        batch[count++] = first;
        if (second != null) {
            batch[count++] = second;
        }
        try {
            segment.append(batch, count);
            segment.told = told;
            plainWrites++;
        } finally {
            Arrays.fill(batch, null);
        }
    }

    /** Not again and again within one invocation. */
    private String failed(String reason) {
        giveUp(Segment.BROKEN);
        if (++failures >= ATTEMPTS) {
            off = reason;
        }
        return reason;
    }

    /** Null: there is a segment with room for so many bytes of frames; else the reason why not. */
    private String findRoom(int length) throws IOException {
        if (segment == null) {
            return begin(length);
        }
        if (!segment.fits(length)) {
            segment.beginAgain();
        }
        return segment.fits(length) ? null : moveOn(length);
    }

    /** The full one is kept until there is another: where the disk is full, it begins again once the reader has it. */
    private String moveOn(int length) throws IOException {
        Segment full = segment;
        segment = null;
        try {
            return begin(length);
        } finally {
            if (segment == null) {
                segment = full;
            } else {
                full.close(Segment.CLOSED);
            }
        }
    }

    private String begin(int length) throws IOException {
        if (unlooked >= LOOK_BYTES) {
            long unread = folder.size(UNREAD_BYTES);
            if (unread < 0 || unread > UNREAD_BYTES) {
                off = unread < 0 ? "off" : "unread_cap";
                return off;
            }
            unlooked = 0;
        }
        if (length <= Segment.USUAL_BYTES - Segment.HEAD_BYTES) {
            segment = folder.take(process.nameOfSegment(++number));
        }
        for (int i = 0; i < NAMES && segment == null; i++) {
            try {
                segment = folder.make(process.nameOfSegment(++number), length);
            } catch (IOException exception) { // the folder has gone, or the disk is full
                off = folder.exists() ? "write" : "off";
                return off;
            }
        }
        if (segment == null) {
            return failed("write");
        }
        if (maps) {
            mapSegment();
        }
        return null;
    }

    /** Null where nothing was lost. */
    private Frame dropsBefore(Frame before) {
        losses.lose("slow", passedBy.getAndSet(0), 0);
        if (losses.areNone()) {
            return null;
        }
        Frame frame = losses.frame(before.time, before.requestId);
        return frame.size() < 0 ? null : frame;
    }
}
