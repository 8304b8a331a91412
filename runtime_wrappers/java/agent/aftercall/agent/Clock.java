package aftercall.agent;

import java.io.DataInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The clock, the process and the random numbers: what differs between the restored copies of one snapshot. */
final class Clock {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final AtomicLong seed = new AtomicLong(draw());

    private Clock() {}

    /** Nanoseconds since the epoch; Java 8 counts them in milliseconds. */
    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** By /proc: Java 8 has no other way that costs less than tens of milliseconds. */
    static long pid() {
        try {
            return Long.parseLong(new File("/proc/self").getCanonicalFile().getName());
        } catch (IOException | NumberFormatException exception) {
            return 0;
        }
    }

    /** A span id, by SplitMix64: SecureRandom loads providers for tens of milliseconds, and Random is the user's. */
    static long spanId() {
        long z = seed.addAndGet(GOLDEN_GAMMA);
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Begin new random numbers: after a snapshot was restored. */
    static void reseed() {
        seed.set(draw());
    }

    private static long draw() {
        try (DataInputStream random = new DataInputStream(new FileInputStream("/dev/urandom"))) {
            return random.readLong();
        } catch (IOException exception) {
            return System.nanoTime() ^ now() * GOLDEN_GAMMA;
        }
    }
}
