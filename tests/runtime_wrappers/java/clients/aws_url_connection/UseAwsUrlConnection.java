import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** The AWS SDK v2's UrlConnectionHttpClient, used as its services use it. */
public final class UseAwsUrlConnection implements Session {
    private final SdkHttpClient client;

    public UseAwsUrlConnection(Settings settings) {
        Duration timeout = Duration.ofMillis(settings.timeout);
        UrlConnectionHttpClient.Builder builder = UrlConnectionHttpClient.builder()
                .connectionTimeout(timeout)
                .socketTimeout(timeout)
                .tlsTrustManagersProvider(() -> new TrustManager[] {settings.trust});
        if (settings.proxy != null) {
            builder.proxyConfiguration(ProxyConfiguration.builder().endpoint(URI.create(settings.proxy)).build());
        }
        client = builder.build();
    }

    @Override
    public Outcome call(Request request) throws IOException {
        SdkHttpFullRequest.Builder builder = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method))
                .uri(URI.create(request.url));
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            builder.putHeader(header.getKey(), header.getValue());
        }
        HttpExecuteRequest.Builder execute = HttpExecuteRequest.builder();
        if (request.body != null) {
            builder.putHeader("Content-Length", String.valueOf(request.body.length));
            boolean isFile = request.bodyKind.equals("file");
            InputStream body = isFile ? new FileInputStream(request.file()) : new ByteArrayInputStream(request.body);
            execute.contentStreamProvider(() -> body);
        }
        ExecutableHttpRequest call = client.prepareRequest(execute.request(builder.build()).build());
        HttpExecuteResponse response = call.call();
        InputStream content = response.responseBody().orElse(null);
        byte[] body = request.read(content);
        if (content != null && request.readsAll()) {
            content.close();
        } else if (response.responseBody().isPresent()) {
            response.responseBody().get().abort();
        }
        return new Outcome(response.httpResponse().statusCode(), body);
    }

    @Override
    public void close() {
        client.close();
    }
}
