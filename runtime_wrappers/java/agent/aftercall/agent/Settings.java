package aftercall.agent;

import java.util.Locale;

/** The variables that this wrapper reads, from the environment of its process. The extension tells of bad values. */
final class Settings {
    private static final int MOST_BYTES = 1 << 20;

    final String spoolFolder = spoolFolder(variable("AFTERCALL_SPOOL_DIR", "/tmp/aftercall"));
    final int callBytes = size("AFTERCALL_CAPTURE_BYTES", 4096);
    /** Never less: trace, trigger and outcome are found in them. The extension cuts what it shows. */
    final int eventBytes = Math.max(size("AFTERCALL_EVENT_BYTES", 65536), 65536);
    /** Of an error post: a stack trace is worth more than an event. */
    final int errorBytes = 262144;
    final boolean debug = variable("AFTERCALL_LOG_LEVEL", "").equalsIgnoreCase("debug");
    final boolean propagates = isTrue(variable("AFTERCALL_PROPAGATE", ""));
    final String runtimeApi = variable("AWS_LAMBDA_RUNTIME_API", "").toLowerCase(Locale.ROOT);
    /** AWS's Parameters and Secrets extension hands out secrets over plain HTTP on this port. */
    final String secretsPort = variable("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773");
    final String[] excludedHosts = words(variable("AFTERCALL_EXCLUDE_HOSTS", "").toLowerCase(Locale.ROOT));

    /** The variable without blanks around it; the default where it is missing or empty. */
    static String variable(String name, String otherwise) {
        String value = System.getenv(name);
        value = value == null ? "" : value.trim();
        return value.isEmpty() ? otherwise : value;
    }

    /** A path that the launcher always refuses (a relative one, `/`) becomes one that is not a folder. */
    static String spoolFolder(String named) {
        int end = named.length();
        while (end > 0 && named.charAt(end - 1) == '/') {
            end--;
        }
        return end > 0 && named.startsWith("/") ? named.substring(0, end) : "/dev/null";
    }

    private static boolean isTrue(String text) {
        return text.equals("1") || text.equalsIgnoreCase("true");
    }

    /** Bytes, 1 MiB at most; anything but a number means the default. */
    private static int size(String name, int otherwise) {
        String text = variable(name, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return otherwise;
            }
        }
        return Math.min(Integer.parseInt(text.substring(0, Math.min(text.length(), 9))), MOST_BYTES);
    }

    private static String[] words(String list) {
        return list.isEmpty() ? new String[0] : list.split("[,\\s]+");
    }
}
