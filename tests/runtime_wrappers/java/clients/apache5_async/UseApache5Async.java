import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.StreamChannel;
import org.apache.hc.core5.http.nio.entity.AbstractBinAsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.FileEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.support.BasicRequestBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpClient 5, the asynchronous one, with its pool: HTTP/1.1, or HTTP/2 where the server takes it. */
public class UseApache5Async implements Session {
    private final CloseableHttpAsyncClient client;
    private final RequestConfig config;

    public UseApache5Async(Settings settings) {
        Timeout timeout = Timeout.ofMilliseconds(settings.timeout);
        config = RequestConfig.custom()
                .setResponseTimeout(timeout)
                .setConnectionRequestTimeout(timeout)
                .build();
        client = client(settings, timeout);
        client.start();
    }

    CloseableHttpAsyncClient client(Settings settings, Timeout timeout) {
        int limit = settings.limit == 0 ? 20 : settings.limit;
        return HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(new DefaultClientTlsStrategy(settings.context))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .setSocketTimeout(timeout)
                                .build())
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setHandshakeTimeout(timeout)
                                .setVersionPolicy(
                                        settings.http2
                                                ? HttpVersionPolicy.NEGOTIATE
                                                : HttpVersionPolicy.FORCE_HTTP_1)
                                .build())
                        .setMaxConnPerRoute(limit)
                        .setMaxConnTotal(limit)
                        .build())
                .setDefaultRequestConfig(config)
                .setProxy(proxy(settings))
                .setRetryStrategy(retries(settings))
                .build();
    }

    static HttpHost proxy(Settings settings) {
        try {
            return settings.proxy == null ? null : HttpHost.create(settings.proxy);
        } catch (java.net.URISyntaxException exception) {
            throw new IllegalArgumentException(exception);
        }
    }

    /** Its own default gives up where the peer has closed the connection. */
    static DefaultHttpRequestRetryStrategy retries(Settings settings) {
        return new DefaultHttpRequestRetryStrategy(
                settings.retries,
                TimeValue.ofMilliseconds(1),
                Arrays.asList(ConnectException.class, UnknownHostException.class, SSLException.class),
                Arrays.asList(503)) {};
    }

    @Override
    public Outcome call(Request request) throws Throwable {
        BasicRequestBuilder builder = BasicRequestBuilder.create(request.method).setUri(request.url);
        HttpClientContext context = HttpClientContext.create();
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            if (header.getKey().equals("Expect")) {
                context.setRequestConfig(RequestConfig.copy(config).setExpectContinueEnabled(true).build());
            } else {
                builder.setHeader(header.getKey(), header.getValue());
            }
        }
        BasicHttpRequest head = builder.build();
        Reader reader = new Reader(request);
        Future<Void> future =
                client.execute(new BasicRequestProducer(head, body(request)), reader, null, context, reader);
        reader.over.await();
        if (!reader.isLeft) {
            reader.released.await(1, TimeUnit.SECONDS); // the connection is given back after the future is told
        }
        if (reader.isLeft) {
            future.cancel(true);
        } else {
            try {
                future.get();
            } catch (ExecutionException exception) {
                throw exception.getCause();
            }
        }
        return new Outcome(reader.status, reader.read.toByteArray());
    }

    private static AsyncEntityProducer body(Request request) throws IOException {
        if (request.body == null) {
            return null;
        }
        switch (request.bodyKind) {
            case "file":
                return new FileEntityProducer(request.file(), ContentType.APPLICATION_OCTET_STREAM);
            case "iterator":
                return new Pieces(request.body);
            default:
                return new BasicAsyncEntityProducer(request.body, ContentType.APPLICATION_OCTET_STREAM);
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /** A body whose length is not known at first. */
    private static final class Pieces extends AbstractBinAsyncEntityProducer {
        private final ByteBuffer left;

        Pieces(byte[] bytes) {
            super(0, ContentType.APPLICATION_OCTET_STREAM);
            left = ByteBuffer.wrap(bytes);
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        protected int availableData() {
            return left.remaining();
        }

        @Override
        protected void produceData(StreamChannel<ByteBuffer> channel) throws IOException {
            byte[] piece = new byte[Math.min(1500, left.remaining())];
            left.duplicate().get(piece);
            left.position(left.position() + channel.write(ByteBuffer.wrap(piece)));
            if (!left.hasRemaining()) {
                channel.endStream();
            }
        }

        @Override
        public void failed(Exception cause) {
            // The future says it too.
        }
    }

    private static final class Reader implements AsyncResponseConsumer<Void>, FutureCallback<Void> {
        private final Request request;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final CountDownLatch over = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean isLeft;
        private volatile int status;
        private FutureCallback<Void> whole;

        Reader(Request request) {
            this.request = request;
        }

        @Override
        public void consumeResponse(
                HttpResponse response, EntityDetails entity, HttpContext context, FutureCallback<Void> whole) {
            this.whole = whole;
            status = response.getCode();
            if (entity == null) {
                whole.completed(null);
            } else if (request.reading.equals("unread")) {
                leave();
            }
        }

        private void leave() {
            isLeft = true;
            over.countDown();
        }

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {
            // What matters comes after it.
        }

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            if (request.readsAll()) {
                channel.update(Integer.MAX_VALUE);
            }
        }

        @Override
        public void consume(ByteBuffer piece) throws IOException {
            if (isLeft) {
                return;
            }
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            request.onPiece(bytes.length);
            read.write(bytes, 0, request.readsAll() ? bytes.length : Math.min(1000, bytes.length));
            if (!request.readsAll()) {
                leave();
            }
        }

        @Override
        public void streamEnd(List<? extends Header> trailers) {
            whole.completed(null);
        }

        @Override
        public void failed(Exception cause) {
            over.countDown();
        }

        @Override
        public void completed(Void result) {
            over.countDown();
        }

        @Override
        public void cancelled() {
            over.countDown();
        }

        @Override
        public void releaseResources() {
            released.countDown();
        }
    }
}
