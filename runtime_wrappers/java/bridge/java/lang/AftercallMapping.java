package java.lang;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import sun.nio.ch.AftercallDispatcher;
import sun.nio.ch.DirectBuffer;

/**
 * Maps a file, and undoes it, which Java leaves to its collector. It stands in java.lang for the JDK's own ways.
 *
 * <p>From Java 18 on FileChannel makes the buffer by reflection, and that by method handles: 12 to 20 milliseconds of
 * CPU for the first one of a process. On the two of these that Lambda has, the steps below it cost next to nothing.
 */
public final class AftercallMapping {
    private static final String VERSION = System.getProperty("java.specification.version");
    private static final boolean IS_BEFORE_9 = VERSION.startsWith("1.");
    private static final boolean IS_KNOWN = VERSION.equals("21") || VERSION.equals("25");

    private AftercallMapping() {}

    /** Whether the first one costs no more than others. */
    public static boolean isQuick() {
        return IS_KNOWN || IS_BEFORE_9 || Integer.parseInt(VERSION) < 18;
    }

    public static ByteBuffer map(RandomAccessFile file, int size) throws IOException {
        if (!IS_KNOWN) {
            return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, size);
        }
        long address = AftercallDispatcher.map(file.getFD(), size);
        return SharedSecrets.getJavaNioAccess().newDirectByteBuffer(address, size, null, null);
    }

    /** Nobody may touch the buffer again. */
    public static void undo(ByteBuffer mapped) {
        if (IS_BEFORE_9) {
            ((DirectBuffer) mapped).cleaner().clean();
        } else if (!IS_KNOWN) {
            Unsafe.getUnsafe().invokeCleaner(mapped);
        } else {
            AftercallDispatcher.unmap(((DirectBuffer) mapped).address(), mapped.capacity());
        }
    }
}
