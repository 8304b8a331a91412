import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;

/** The same library's client for HTTP/2 alone: all calls to an origin share one connection. */
public final class UseApache5H2 extends UseApache5Async {
    public UseApache5H2(Settings settings) {
        super(settings);
    }

    @Override
    CloseableHttpAsyncClient client(Settings settings, Timeout timeout) {
        return HttpAsyncClients.customHttp2()
                .setTlsStrategy(new DefaultClientTlsStrategy(settings.context))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .build())
                .setIOReactorConfig(IOReactorConfig.custom().setSoTimeout(timeout).build())
                .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(timeout).build())
                .setRetryStrategy(retries(settings))
                .build();
    }
}
