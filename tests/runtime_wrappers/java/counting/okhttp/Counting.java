import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;

public final class Counting {
    public static void main(String[] arguments) throws Exception {
        OkHttpClient client = new OkHttpClient();
        for (int length : new int[] {10, 100_000, -1, 0}) {
            Request request = new Request.Builder().url(arguments[0]).post(new Body(length)).build();
            try {
                System.out.println(client.newCall(request).execute().body().string());
            } catch (Counts.Own own) {
                System.out.println("own");
            }
        }
        Counts.tell();
    }

    /** Of no bytes: writing fails. */
    private static final class Body extends RequestBody {
        private final int length;

        Body(int length) {
            this.length = length;
        }

        @Override
        public MediaType contentType() {
            Counts.count("contentType");
            return null;
        }

        @Override
        public long contentLength() {
            Counts.count("contentLength");
            return length;
        }

        @Override
        public void writeTo(BufferedSink sink) throws java.io.IOException {
            Counts.count("writeTo");
            if (length == 0) {
                throw new Counts.Own();
            }
            sink.write(new byte[Math.abs(length)]);
        }
    }
}
