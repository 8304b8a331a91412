package aftercall.agent;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import sun.misc.Unsafe;
import sun.nio.ch.DirectBuffer;

/**
 * The words of a segment's head, which another process reads and stores too. From Java 9 on by the fences of VarHandle:
 * a handle of its own would cost a cold process milliseconds, and Unsafe warns from 24 on. A direct buffer stores an
 * aligned int at once there; Java 8 may store it byte by byte, and so has Unsafe do it.
 */
final class SharedWords {
    private static final boolean IS_BEFORE_9 = JavaVersion.NUMBER < 9;

    private SharedWords() {}

    /** Whoever sees the value sees all that was stored before it. */
    static void storeRelease(ByteBuffer mapped, int offset, int value) {
        if (IS_BEFORE_9) {
            Java8.UNSAFE.putOrderedInt(null, ((DirectBuffer) mapped).address() + offset, value);
        } else {
            VarHandle.releaseFence();
            mapped.putInt(offset, value);
        }
    }

    /** What is done after it happens after it. */
    static int loadAcquire(ByteBuffer mapped, int offset) {
        if (IS_BEFORE_9) {
            return Java8.UNSAFE.getIntVolatile(null, ((DirectBuffer) mapped).address() + offset);
        }
        int value = mapped.getInt(offset);
        VarHandle.acquireFence();
        return value;
    }

    /** Not loaded by other Javas. Its ordered store is one with a fence before it, on arm64 too. */
    private static final class Java8 {
        static final Unsafe UNSAFE = Unsafe.getUnsafe();
    }
}
