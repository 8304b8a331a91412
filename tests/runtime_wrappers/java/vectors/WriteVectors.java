package aftercall.agent;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Base64;

/**
 * Writes the frames that it is told of with the agent's own Frame, to standard output. Lines of a frame: `frame KIND TIME
 * [REQUEST_ID]`, then `json NAME JSON`, `text NAME BASE64 of UTF-16`, `part NAME BASE64`; the file's end ends the last.
 */
public final class WriteVectors {
    private WriteVectors() {}

    public static void main(String[] arguments) throws Exception {
        Frame frame = null;
        for (String line : Files.readAllLines(Paths.get(arguments[0]))) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "frame":
                    write(frame);
                    String[] rest = words[2].split(" ", 2);
                    frame = new Frame(words[1], Long.parseLong(rest[0]), rest.length > 1 ? text(rest[1]) : null);
                    break;
                case "json":
                    frame.withJson(words[1], words[2]);
                    break;
                case "text":
                    frame.with(words[1], text(words.length > 2 ? words[2] : ""));
                    break;
                default:
                    frame.part(words[1], Base64.getDecoder().decode(words[2]));
            }
        }
        write(frame);
    }

    /** Not by a charset: half a surrogate pair stays what it is. */
    private static String text(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        return ByteBuffer.wrap(bytes).asCharBuffer().toString();
    }

    private static void write(Frame frame) {
        if (frame != null) {
            int left = frame.size() - frame.length;
            System.out.write(frame.bytes, 0, frame.length);
            for (Frame.Part part = frame.parts(); part != null; part = part.next) {
                System.out.write(part.bytes, part.offset, part.length);
                left -= part.length;
            }
            System.out.write(new byte[left], 0, left);
            System.out.flush();
        }
    }
}
