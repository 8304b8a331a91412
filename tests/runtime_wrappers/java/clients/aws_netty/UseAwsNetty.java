import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.TrustManager;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkCancellationException;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/** The AWS SDK v2's NettyNioAsyncHttpClient, used as its services use it. */
public final class UseAwsNetty implements Session {
    /** One for all sessions: a client that has its own waits two seconds for it to be quiet when it is closed. */
    private static final SdkEventLoopGroup THREADS = SdkEventLoopGroup.builder().build();

    private final SdkAsyncHttpClient client;

    public UseAwsNetty(Settings settings) {
        Duration timeout = Duration.ofMillis(settings.timeout);
        NettyNioAsyncHttpClient.Builder builder = NettyNioAsyncHttpClient.builder()
                .eventLoopGroup(THREADS)
                .connectionTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .tlsNegotiationTimeout(timeout)
                .connectionAcquisitionTimeout(timeout)
                .maxConcurrency(settings.limit == 0 ? 20 : settings.limit)
                .tlsTrustManagersProvider(() -> new TrustManager[] {settings.trust});
        if (settings.proxy != null) {
            URI proxy = URI.create(settings.proxy);
            builder.proxyConfiguration(ProxyConfiguration.builder()
                    .scheme(proxy.getScheme())
                    .host(proxy.getHost())
                    .port(proxy.getPort())
                    .build());
        }
        client = builder.build();
    }

    @Override
    public Outcome call(Request request) throws Throwable {
        SdkHttpFullRequest.Builder builder = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method))
                .uri(URI.create(request.url));
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            builder.putHeader(header.getKey(), header.getValue());
        }
        if (request.body != null) {
            builder.putHeader("Content-Length", String.valueOf(request.body.length));
        }
        Reader reader = new Reader(request);
        CompletableFuture<Void> done = client.execute(AsyncExecuteRequest.builder()
                .request(builder.build())
                .requestContentPublisher(new Body(request.body == null ? new byte[0] : request.body))
                .responseHandler(reader)
                .build());
        try {
            done.get();
        } catch (ExecutionException exception) {
            if (!(exception.getCause() instanceof SdkCancellationException)) {
                throw exception.getCause();
            }
        }
        return new Outcome(reader.status, reader.read.toByteArray());
    }

    @Override
    public void close() {
        client.close();
    }

    /** The whole body at once, when it is asked for. */
    private static final class Body implements SdkHttpContentPublisher {
        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public Optional<Long> contentLength() {
            return Optional.of((long) bytes.length);
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Subscription() {
                private boolean isOver;

                @Override
                public void request(long count) {
                    if (!isOver) {
                        isOver = true;
                        if (bytes.length > 0) {
                            subscriber.onNext(ByteBuffer.wrap(bytes));
                        }
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    isOver = true;
                }
            });
        }
    }

    private static final class Reader implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
        private final Request request;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private volatile int status;
        private Subscription subscription;

        Reader(Request request) {
            this.request = request;
        }

        @Override
        public void onHeaders(SdkHttpResponse response) {
            status = response.statusCode();
        }

        @Override
        public void onStream(Publisher<ByteBuffer> stream) {
            stream.subscribe(this);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            if (request.reading.equals("unread")) {
                subscription.cancel();
            } else {
                subscription.request(1);
            }
        }

        @Override
        public void onNext(ByteBuffer piece) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            try {
                request.onPiece(bytes.length);
            } catch (IOException exception) {
                throw new IllegalStateException(exception);
            }
            read.write(bytes, 0, request.readsAll() ? bytes.length : Math.min(1000, bytes.length));
            if (request.readsAll()) {
                subscription.request(1);
            } else {
                subscription.cancel();
            }
        }

        @Override
        public void onError(Throwable thrown) {
            // The future says it too.
        }

        @Override
        public void onComplete() {
            // The same.
        }
    }
}
