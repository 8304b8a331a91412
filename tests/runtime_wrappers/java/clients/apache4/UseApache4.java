import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.ByteArrayInputStream;
import java.util.Map;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.ServiceUnavailableRetryStrategy;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.FileEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.protocol.HttpContext;

/** Apache HttpClient 4 with its pool. */
public final class UseApache4 implements Session {
    private final CloseableHttpClient client;

    public UseApache4(Settings settings) {
        RequestConfig config = RequestConfig.custom()
                .setConnectTimeout(settings.timeout)
                .setSocketTimeout(settings.timeout)
                .setProxy(settings.proxy == null ? null : HttpHost.create(settings.proxy))
                .build();
        int limit = settings.limit == 0 ? 20 : settings.limit;
        client = HttpClientBuilder.create()
                .setSSLContext(settings.context)
                .setDefaultRequestConfig(config)
                .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(settings.timeout).build())
                .setMaxConnPerRoute(limit)
                .setMaxConnTotal(limit)
                .setRetryHandler(new DefaultHttpRequestRetryHandler(settings.retries, true))
                .setServiceUnavailableRetryStrategy(new ServiceUnavailableRetryStrategy() {
                    @Override
                    public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
                        return response.getStatusLine().getStatusCode() == 503 && count <= settings.retries;
                    }

                    @Override
                    public long getRetryInterval() {
                        return 1;
                    }
                })
                .build();
    }

    @Override
    public Outcome call(Request request) throws IOException {
        RequestBuilder builder = RequestBuilder.create(request.method).setUri(request.url);
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            if (header.getKey().equals("Expect")) {
                builder.setConfig(RequestConfig.copy(RequestConfig.DEFAULT).setExpectContinueEnabled(true).build());
            } else {
                builder.setHeader(header.getKey(), header.getValue());
            }
        }
        if (request.body != null) {
            builder.setEntity(entity(request));
        }
        CloseableHttpResponse response = client.execute(builder.build());
        InputStream content = response.getEntity() == null ? null : response.getEntity().getContent();
        byte[] body = request.read(content);
        if (request.readsAll() && content != null) {
            content.close();
        } else {
            response.close();
        }
        return new Outcome(response.getStatusLine().getStatusCode(), body);
    }

    private static HttpEntity entity(Request request) throws IOException {
        switch (request.bodyKind) {
            case "file":
                return new FileEntity(request.file());
            case "iterator":
                return new InputStreamEntity(new SequenceInputStream(
                        new ByteArrayInputStream(request.body, 0, 1500),
                        new ByteArrayInputStream(request.body, 1500, request.body.length - 1500)));
            default:
                return new ByteArrayEntity(request.body);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
