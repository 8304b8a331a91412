package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;

/** What we use of the JDK's own class (of 21 and 25), for the compiler alone. */
class FileDispatcherImpl {
    native long map(FileDescriptor file, int how, long position, long length, boolean isSync) throws IOException;

    native int unmap(long address, long length);
}
