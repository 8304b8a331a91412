package jdk.internal.access;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What we use of the JDK's own class (of 21 and 25), for the compiler alone. */
public interface JavaNioAccess {
    ByteBuffer newDirectByteBuffer(long address, int capacity, Object attachment, MemorySegment segment);
}
