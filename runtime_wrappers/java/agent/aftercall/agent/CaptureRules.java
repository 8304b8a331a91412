package aftercall.agent;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What of a call may be captured, by its host: SPOOL_FORMAT.md, "Never written". */
final class CaptureRules {
    enum Capture {
        /** The Runtime API's own traffic. */
        NOTHING,
        /** A call without bodies. */
        HEAD_ONLY,
        ALL
    }

    private static final int MOST_HOSTS = 1000;
    private static final Set<String> SECRET_SERVICES = new HashSet<>(Arrays.asList(
            "secretsmanager", "secretsmanager-fips", "ssm", "ssm-fips", "kms", "kms-fips", "sts", "sts-fips"));
    private static final String[] AWS_DOMAINS = {".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazonaws.eu"};
    private static final Set<String> CREDENTIAL_HOSTS = new HashSet<>(Arrays.asList(
            "169.254.170.2", "169.254.170.23", "169.254.169.254", "fd00:ec2::23", "fd00:ec2::254"));
    private static final Set<String> LOOPBACK = new HashSet<>(Arrays.asList("localhost", "127.0.0.1", "::1"));

    private final Settings settings;
    private final Map<String, Capture> known = new ConcurrentHashMap<>();
    private volatile Decision last;

    CaptureRules(Settings settings) {
        this.settings = settings;
    }

    Capture of(String host, int port) {
        Decision decision = last;
        if (decision == null || decision.port != port || !decision.host.equals(host)) {
            decision = new Decision(host, port, lookUp(host, port));
            last = decision;
        }
        return decision.capture;
    }

    private static final class Decision {
        final String host;
        final int port;
        final Capture capture;

        Decision(String host, int port, Capture capture) {
            this.host = host;
            this.port = port;
            this.capture = capture;
        }
    }

    private Capture lookUp(String host, int port) {
        String name = host + ':' + port;
        Capture found = known.get(name);
        if (found == null) {
            if (known.size() >= MOST_HOSTS) {
                known.clear();
            }
            found = decide(plain(host), Integer.toString(port));
            known.put(name, found);
        }
        return found;
    }

    private static String plain(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private Capture decide(String host, String port) {
        String address = host + ':' + port;
        if (settings.runtimeApi.equals(address) || port.equals("80") && settings.runtimeApi.equals(host)) {
            return Capture.NOTHING;
        }
        boolean isSecret = CREDENTIAL_HOSTS.contains(host)
                || LOOPBACK.contains(host) && port.equals(settings.secretsPort)
                || isSecretService(host);
        for (String excluded : settings.excludedHosts) {
            isSecret = isSecret || matches(host, address, excluded);
        }
        return isSecret ? Capture.HEAD_ONLY : Capture.ALL;
    }

    private static boolean isSecretService(String host) {
        for (String domain : AWS_DOMAINS) {
            if (host.endsWith(domain)) {
                for (String label : host.split("\\.")) {
                    if (SECRET_SERVICES.contains(label)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** `example.com`, `example.com:8080`, `.example.com` and `*.example.com` (all below it). */
    private static boolean matches(String host, String address, String excluded) {
        String name = excluded.startsWith("*") ? excluded.substring(1) : excluded;
        return name.startsWith(".") ? host.endsWith(name) : name.equals(host) || name.equals(address);
    }
}
