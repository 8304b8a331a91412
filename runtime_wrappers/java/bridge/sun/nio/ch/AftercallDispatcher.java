package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;

/** The two steps below FileChannel's mapping. It stands in sun.nio.ch, which alone may take them. Java 21 and 25. */
public final class AftercallDispatcher {
    /** UnixFileDispatcherImpl's MAP_RW. */
    private static final int READ_WRITE = 1;

    private AftercallDispatcher() {}

    public static long map(FileDescriptor file, int size) throws IOException {
        return new FileDispatcherImpl().map(file, READ_WRITE, 0, size, false);
    }

    public static void unmap(long address, int size) {
        new FileDispatcherImpl().unmap(address, size);
    }
}
