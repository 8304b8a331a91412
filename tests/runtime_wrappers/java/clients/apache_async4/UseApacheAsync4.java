import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.utils.URIUtils;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.entity.HttpAsyncContentProducer;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.apache.http.nio.entity.NFileEntity;
import org.apache.http.nio.protocol.HttpAsyncResponseConsumer;
import org.apache.http.nio.client.methods.HttpAsyncMethods;
import org.apache.http.protocol.HttpContext;

/** Apache HttpAsyncClient 4.1 with its pool. */
public final class UseApacheAsync4 implements Session {
    private final CloseableHttpAsyncClient client;
    private final RequestConfig config;

    public UseApacheAsync4(Settings settings) {
        config = RequestConfig.custom()
                .setConnectTimeout(settings.timeout)
                .setSocketTimeout(settings.timeout)
                .setConnectionRequestTimeout(settings.timeout)
                .setProxy(settings.proxy == null ? null : HttpHost.create(settings.proxy))
                .build();
        int limit = settings.limit == 0 ? 20 : settings.limit;
        client = HttpAsyncClients.custom()
                .setSSLContext(settings.context)
                .setDefaultRequestConfig(config)
                .setDefaultIOReactorConfig(IOReactorConfig.custom()
                        .setSoTimeout(settings.timeout)
                        .setConnectTimeout(settings.timeout)
                        .build())
                .setMaxConnPerRoute(limit)
                .setMaxConnTotal(limit)
                .build();
        client.start();
    }

    @Override
    public Outcome call(Request request) throws Throwable {
        RequestBuilder builder = RequestBuilder.create(request.method).setUri(request.url);
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            if (header.getKey().equals("Expect")) {
                builder.setConfig(RequestConfig.copy(config).setExpectContinueEnabled(true).build());
            } else {
                builder.setHeader(header.getKey(), header.getValue());
            }
        }
        if (request.body != null) {
            builder.setEntity(entity(request));
        }
        HttpUriRequest head = builder.build();
        Reader reader = new Reader(request);
        HttpHost target = URIUtils.extractHost(head.getURI());
        Future<Void> future = client.execute(HttpAsyncMethods.create(target, head), reader, reader);
        reader.over.await();
        if (reader.isLeft) {
            future.cancel(true);
        } else {
            reader.released.await(1, TimeUnit.SECONDS);
            try {
                future.get();
            } catch (ExecutionException exception) {
                throw exception.getCause();
            }
        }
        return new Outcome(reader.status, reader.read.toByteArray());
    }

    private static HttpEntity entity(Request request) throws IOException {
        switch (request.bodyKind) {
            case "file":
                return new NFileEntity(request.file());
            case "iterator":
                return new Pieces(request.body);
            default:
                return new NByteArrayEntity(request.body);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    /** A body whose length is not known at first. */
    private static final class Pieces extends org.apache.http.entity.ByteArrayEntity
            implements HttpAsyncContentProducer {
        private final ByteBuffer left;

        Pieces(byte[] bytes) {
            super(bytes);
            left = ByteBuffer.wrap(bytes);
            setChunked(true);
        }

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void produceContent(ContentEncoder encoder, IOControl control) throws IOException {
            byte[] piece = new byte[Math.min(1500, left.remaining())];
            left.duplicate().get(piece);
            left.position(left.position() + encoder.write(ByteBuffer.wrap(piece)));
            if (!left.hasRemaining()) {
                encoder.complete();
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private static final class Reader implements HttpAsyncResponseConsumer<Void>, FutureCallback<Void> {
        private final Request request;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final CountDownLatch over = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean isLeft;
        private volatile boolean isDone;
        private volatile int status;

        Reader(Request request) {
            this.request = request;
        }

        @Override
        public void responseReceived(HttpResponse response) {
            status = response.getStatusLine().getStatusCode();
            if (response.getEntity() != null && request.reading.equals("unread")) {
                leave();
            }
        }

        private void leave() {
            isLeft = true;
            over.countDown();
        }

        @Override
        public void consumeContent(ContentDecoder decoder, IOControl control) throws IOException {
            if (isLeft) {
                control.suspendInput();
                return;
            }
            ByteBuffer piece = ByteBuffer.allocate(request.readsAll() ? 5000 : 1000);
            int count = decoder.read(piece);
            if (count > 0) {
                request.onPiece(count);
                read.write(piece.array(), 0, count);
                if (!request.readsAll()) {
                    leave();
                }
            }
        }

        @Override
        public void responseCompleted(HttpContext context) {
            isDone = true;
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
        public Exception getException() {
            return null;
        }

        @Override
        public Void getResult() {
            return null;
        }

        @Override
        public boolean isDone() {
            return isDone;
        }

        @Override
        public boolean cancel() {
            return true;
        }

        @Override
        public void close() {
            released.countDown();
        }
    }
}
