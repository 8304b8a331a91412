import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A step's "request": `body` null: none; `bodyKind` bytes, file or iterator; `reading` whole, stream, part or unread. */
final class Request {
    private static final int PIECE = 1000;

    final String method;
    final String url;
    final Map<String, String> headers = new TreeMap<>();
    final String reading;
    final String bodyKind;
    final byte[] body;
    private int doorbell;

    Request(Properties plan, String prefix, String url) {
        this.url = url;
        method = plan.getProperty(prefix + "method", "GET");
        reading = plan.getProperty(prefix + "reading", "whole");
        doorbell = Integer.parseInt(plan.getProperty(prefix + "ack", "0"));
        bodyKind = plan.getProperty(prefix + "body.kind");
        body = bodyKind == null ? null : content(Integer.parseInt(plan.getProperty(prefix + "body.size")));
        for (String name : plan.stringPropertyNames()) {
            if (name.startsWith(prefix + "headers.")) {
                headers.put(name.substring(prefix.length() + 8), plan.getProperty(name));
            }
        }
    }

    /** As the Python driver makes it: each offset of the first 100,000 can be told from every other. */
    private static byte[] content(int size) {
        byte[] all = new byte[size];
        for (int i = 0; i < size; i++) {
            int line = i / 10 % 10_000;
            int column = i % 10;
            all[i] = column == 9 ? (byte) '\n' : (byte) String.format("%09d", line).charAt(column);
            if (i >= 100_000) {
                System.arraycopy(all, 0, all, i, Math.min(100_000, size - i));
                i += Math.min(100_000, size - i) - 1;
            }
        }
        return all;
    }

    /** The body as a temporary file. */
    File file() throws IOException {
        File file = File.createTempFile("body", null);
        file.deleteOnExit();
        try (OutputStream out = new FileOutputStream(file)) {
            out.write(body);
        }
        return file;
    }

    /** The body in pieces, as the user's own code makes it. */
    void writeTo(OutputStream out) throws IOException {
        for (int start = 0; start < body.length; start += 1500) {
            out.write(body, start, Math.min(1500, body.length - start));
        }
    }

    /** Reads as far as `reading` says; null and unread are empty. The stream stays open. */
    byte[] read(InputStream from) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (from == null || reading.equals("unread")) {
            return all.toByteArray();
        }
        byte[] piece = new byte[PIECE];
        for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
            onPiece(count);
            all.write(piece, 0, count);
            if (reading.equals("part")) {
                break;
            }
        }
        return all.toByteArray();
    }

    /** Rings once, at the first piece of a body: the server sends the next one only then. */
    void onPiece(int count) throws IOException {
        if (doorbell != 0 && count > 0) {
            new Socket("127.0.0.1", doorbell).close();
            doorbell = 0;
        }
    }

    boolean readsAll() {
        return reading.equals("whole") || reading.equals("stream");
    }

    @Override
    public String toString() {
        return method + ' ' + url + Arrays.toString(body);
    }
}
