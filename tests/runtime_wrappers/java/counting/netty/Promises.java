import com.sun.management.ThreadMXBean;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.lang.management.ManagementFactory;

/** Bytes that a promise of the user's own costs: made, and made and told. */
public final class Promises {
    private static final int COUNT = 1000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public static void main(String[] arguments) {
        for (int i = 0; i < 2; i++) { // the first time classes are loaded
            long begun = allocated();
            for (int j = 0; j < COUNT; j++) {
                new DefaultPromise<String>(ImmediateEventExecutor.INSTANCE);
            }
            long made = allocated();
            for (int j = 0; j < COUNT; j++) {
                Promise<String> promise = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
                promise.addListener(future -> {});
                promise.setSuccess("");
            }
            if (i == 1) {
                System.out.println((made - begun) / COUNT + " " + (allocated() - made) / COUNT);
            }
        }
        System.exit(0);
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
