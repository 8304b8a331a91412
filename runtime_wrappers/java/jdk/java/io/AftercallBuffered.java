package java.io;

/** What a stream of the JDK holds in memory already. It stands in java.io for the sake of the fields that it reads. */
public final class AftercallBuffered {
    private AftercallBuffered() {}

    /** Copies what is there to be read without any waiting, if it is {@code length} bytes or more; else null. */
    public static byte[] peek(InputStream from, int length, int wanted) {
        InputStream stream = from;
        while (stream instanceof FilterInputStream && stream.getClass() != BufferedInputStream.class) {
            stream = ((FilterInputStream) stream).in;
        }
        if (stream == null || stream.getClass() != BufferedInputStream.class) {
            return null;
        }
        BufferedInputStream buffered = (BufferedInputStream) stream;
        if (buffered.count - buffered.pos < length) {
            return null;
        }
        return java.util.Arrays.copyOfRange(buffered.buf, buffered.pos, buffered.pos + wanted);
    }
}
