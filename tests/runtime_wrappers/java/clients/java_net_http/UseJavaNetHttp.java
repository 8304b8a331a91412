import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** The JDK's HttpClient, by send(). */
public class UseJavaNetHttp implements Session {
    private final HttpClient client;
    private final Duration timeout;

    public UseJavaNetHttp(Settings settings) {
        timeout = Duration.ofMillis(settings.timeout);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(settings.http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .connectTimeout(timeout)
                .sslContext(settings.context);
        if (settings.proxy != null) {
            URI proxy = URI.create(settings.proxy);
            builder.proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())));
        }
        client = builder.build();
    }

    @Override
    public Outcome call(Request request) throws Exception {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(request.url)).timeout(timeout);
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            if (header.getKey().equals("Expect")) {
                builder.expectContinue(true);
            } else {
                builder.header(header.getKey(), header.getValue());
            }
        }
        builder.method(request.method, publisher(request));
        if (request.reading.equals("whole")) {
            HttpResponse<byte[]> response = send(client, builder.build(), BodyHandlers.ofByteArray());
            // A proxy's refusal comes without a body at all.
            return new Outcome(response.statusCode(), response.body() == null ? new byte[0] : response.body());
        }
        HttpResponse<InputStream> response = send(client, builder.build(), BodyHandlers.ofInputStream());
        byte[] body = request.read(response.body());
        response.body().close();
        return new Outcome(response.statusCode(), body);
    }

    <T> HttpResponse<T> send(HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws Exception {
        return client.send(request, handler);
    }

    private static BodyPublisher publisher(Request request) throws IOException {
        if (request.body == null) {
            return BodyPublishers.noBody();
        }
        switch (request.bodyKind) {
            case "file":
                return BodyPublishers.ofFile(request.file().toPath());
            case "iterator":
                return BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(request.body));
            default:
                return BodyPublishers.ofByteArray(request.body);
        }
    }

    @Override
    public void close() {}
}
