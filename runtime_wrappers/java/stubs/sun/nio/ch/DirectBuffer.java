package sun.nio.ch;

import sun.misc.Cleaner;

/** What we use of the JDK's own class, for the compiler alone. */
public interface DirectBuffer {
    long address();

    Cleaner cleaner();
}
