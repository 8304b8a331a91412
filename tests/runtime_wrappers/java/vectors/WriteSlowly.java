package aftercall.agent;

import java.util.concurrent.CountDownLatch;

/** Two invocations of ten frames; in the first a write takes as long as the arguments say, or waits for the others. */
public final class WriteSlowly extends Spool {
    private final int slow;
    private final long nanos;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private int looks;
    private long now;

    private WriteSlowly(String folder, int slow, long nanos) {
        super(folder, "8", "test");
        this.slow = slow;
        this.nanos = nanos;
    }

    /** Asked before and after each write. */
    @Override
    long nanoTime() {
        if (++looks == 2 * slow) {
            now += nanos;
            if (nanos == 0) {
                waitFor();
            }
        }
        return now;
    }

    private void waitFor() {
        begun.countDown();
        try {
            goOn.await();
        } catch (InterruptedException exception) {
            throw new AssertionError(exception);
        }
        now += 2 * SLOW_NANOS;
    }

    /** FOLDER NUMBER-OF-THE-WRITE NANOSECONDS; of 0 it ends only when ten other threads have given up theirs. */
    public static void main(String[] arguments) throws InterruptedException {
        WriteSlowly spool = new WriteSlowly(arguments[0], Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
        Thread first = new Thread(() -> spool.invocation("first"));
        first.start();
        if (spool.nanos == 0) {
            spool.begun.await();
            for (int i = 0; i < 10; i++) {
                Thread other = new Thread(() -> spool.write(new Frame("note", 1, "first")));
                other.start();
                if (i == 0) {
                    other.interrupt();
                }
                other.join();
            }
            spool.ring();
            spool.goOn.countDown();
        }
        first.join();
        spool.invocation("second");
    }

    private void invocation(String requestId) {
        beginInvocation();
        for (int i = 0; i < 6; i++) {
            write(new Frame("note", 1, requestId));
        }
        write(new Frame("note", 1, requestId), new Frame("call_end", 1, requestId));
        write(new Frame("call_end", 1, requestId));
        write(new Frame("invocation_end", 1, requestId));
        ring();
    }
}
