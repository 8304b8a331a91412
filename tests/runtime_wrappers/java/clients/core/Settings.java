import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** A step's "session". Times in milliseconds; proxy null: none; limit 0: none. */
final class Settings {
    final String proxy;
    final int timeout;
    final int retries;
    final int limit;
    final boolean http2;
    final SSLContext context;
    final X509TrustManager trust;

    Settings(Properties plan, String prefix) throws Exception {
        proxy = plan.getProperty(prefix + "proxy");
        timeout = (int) (1000 * Double.parseDouble(plan.getProperty(prefix + "timeout", "10")));
        retries = Integer.parseInt(plan.getProperty(prefix + "retries", "0"));
        limit = Integer.parseInt(plan.getProperty(prefix + "limit", "0"));
        http2 = plan.getProperty(prefix + "http2", "").equals("true");
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = new FileInputStream(plan.getProperty(prefix + "trust"))) {
            store.setCertificateEntry("known", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        trust = (X509TrustManager) factory.getTrustManagers()[0];
        context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
    }

    Proxy javaProxy() {
        if (proxy == null) {
            return Proxy.NO_PROXY;
        }
        URI uri = URI.create(proxy);
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), uri.getPort()));
    }
}
