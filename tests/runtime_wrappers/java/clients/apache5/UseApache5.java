import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.FileEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpClient 5, the classic one, with its pool. */
public final class UseApache5 implements Session {
    private final CloseableHttpClient client;
    private final RequestConfig config;

    public UseApache5(Settings settings) throws Exception {
        Timeout timeout = Timeout.ofMilliseconds(settings.timeout);
        int limit = settings.limit == 0 ? 20 : settings.limit;
        PoolingHttpClientConnectionManager pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(settings.context))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(timeout).build())
                .setMaxConnPerRoute(limit)
                .setMaxConnTotal(limit)
                .build();
        config = RequestConfig.custom().setResponseTimeout(timeout).build();
        client = HttpClients.custom()
                .setConnectionManager(pool)
                .setDefaultRequestConfig(config)
                .setProxy(settings.proxy == null ? null : HttpHost.create(settings.proxy))
                .setRetryStrategy(new DefaultHttpRequestRetryStrategy(settings.retries, TimeValue.ofMilliseconds(1)))
                .build();
    }

    @Override
    public Outcome call(Request request) throws IOException {
        ClassicRequestBuilder builder = ClassicRequestBuilder.create(request.method).setUri(request.url);
        HttpClientContext context = HttpClientContext.create();
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            if (header.getKey().equals("Expect")) {
                context.setRequestConfig(RequestConfig.copy(config).setExpectContinueEnabled(true).build());
            } else {
                builder.setHeader(header.getKey(), header.getValue());
            }
        }
        if (request.body != null) {
            builder.setEntity(entity(request));
        }
        ClassicHttpResponse response = client.executeOpen(null, builder.build(), context);
        InputStream content = response.getEntity() == null ? null : response.getEntity().getContent();
        byte[] body = request.read(content);
        if (request.readsAll() && content != null) {
            content.close();
        } else {
            response.close();
        }
        return new Outcome(response.getCode(), body);
    }

    private static HttpEntity entity(Request request) throws IOException {
        switch (request.bodyKind) {
            case "file":
                return new FileEntity(request.file(), ContentType.APPLICATION_OCTET_STREAM);
            case "iterator":
                InputStream pieces = new ByteArrayInputStream(request.body);
                return new InputStreamEntity(pieces, ContentType.APPLICATION_OCTET_STREAM);
            default:
                return new ByteArrayEntity(request.body, ContentType.APPLICATION_OCTET_STREAM);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
