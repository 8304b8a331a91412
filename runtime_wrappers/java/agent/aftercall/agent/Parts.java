package aftercall.agent;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The classes in our jar that are defined when they are needed, as entries {@code parts/NAME.bin}. */
final class Parts {
    private final File jar;

    Parts(File jar) {
        this.jar = jar;
    }

    byte[] bytesOf(String name) throws IOException {
        try (ZipFile zip = new ZipFile(jar)) {
            ZipEntry entry = zip.getEntry("parts/" + name + ".bin");
            byte[] bytes = new byte[(int) entry.getSize()];
            try (DataInputStream content = new DataInputStream(zip.getInputStream(entry))) {
                content.readFully(bytes);
            }
            return bytes;
        }
    }

    Class<?> defineInBootLoader(String name) throws IOException {
        return AftercallDefiner.define(bytesOf(name));
    }
}
