import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/** The JDK's HttpURLConnection, plain and with TLS. */
public final class UseUrlConnection implements Session {
    private final Settings settings;

    public UseUrlConnection(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Outcome call(Request request) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) new URL(request.url).openConnection(settings.javaProxy());
        if (connection instanceof HttpsURLConnection) {
            ((HttpsURLConnection) connection).setSSLSocketFactory(settings.context.getSocketFactory());
        }
        connection.setConnectTimeout(settings.timeout);
        connection.setReadTimeout(settings.timeout);
        connection.setRequestMethod(request.method);
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            connection.setRequestProperty(header.getKey(), header.getValue());
        }
        try {
            try {
                send(connection, request);
            } catch (ProtocolException refused) { // an answer in place of 100
                return new Outcome(connection.getResponseCode(), new byte[0]);
            }
            int status = connection.getResponseCode();
            InputStream stream = status >= 400 ? connection.getErrorStream() : null;
            stream = stream == null ? connection.getInputStream() : stream;
            byte[] body = request.read(stream);
            if (request.readsAll() && stream != null) {
                stream.close();
            }
            return new Outcome(status, body);
        } finally {
            if (!request.readsAll()) {
                connection.disconnect();
            }
        }
    }

    private static void send(HttpURLConnection connection, Request request) throws IOException {
        if (request.body == null) {
            return;
        }
        connection.setDoOutput(true);
        if (request.bodyKind.equals("file") || request.headers.containsKey("Expect")) {
            connection.setFixedLengthStreamingMode(request.body.length);
        } else if (request.bodyKind.equals("iterator")) {
            connection.setChunkedStreamingMode(0);
        }
        try (OutputStream out = connection.getOutputStream()) {
            request.writeTo(out);
        }
    }

    @Override
    public void close() {}
}
