import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/** OkHttp, blocking. The same source for 3, 4 and 5. */
public final class UseOkhttp implements Session {
    private final OkHttpClient client;

    public UseOkhttp(Settings settings) {
        client = new OkHttpClient.Builder()
                .connectTimeout(settings.timeout, TimeUnit.MILLISECONDS)
                .readTimeout(settings.timeout, TimeUnit.MILLISECONDS)
                .writeTimeout(settings.timeout, TimeUnit.MILLISECONDS)
                .sslSocketFactory(settings.context.getSocketFactory(), settings.trust)
                .proxy(settings.javaProxy())
                .retryOnConnectionFailure(settings.retries > 0)
                .connectionPool(new ConnectionPool(settings.limit == 0 ? 20 : settings.limit, 1, TimeUnit.MINUTES))
                .build();
    }

    @Override
    public Outcome call(Request request) throws IOException {
        okhttp3.Request.Builder builder = new okhttp3.Request.Builder().url(request.url);
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            builder.header(header.getKey(), header.getValue());
        }
        builder.method(request.method, request.body == null ? null : body(request));
        Response response = client.newCall(builder.build()).execute();
        InputStream content = response.body().byteStream();
        byte[] body = request.read(content);
        response.close();
        return new Outcome(response.code(), body);
    }

    private static RequestBody body(Request request) throws IOException {
        if (request.bodyKind.equals("file")) {
            File file = request.file();
            return RequestBody.create((MediaType) null, file);
        }
        if (request.bodyKind.equals("bytes")) {
            return RequestBody.create((MediaType) null, request.body);
        }
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return null;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                request.writeTo(sink.outputStream());
            }
        };
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }
}
