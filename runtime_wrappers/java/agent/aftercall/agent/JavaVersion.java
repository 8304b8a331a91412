package aftercall.agent;

/** The Java that runs us: 8, 11, 17 ... */
final class JavaVersion {
    static final int NUMBER = numberOf(System.getProperty("java.specification.version"));

    private JavaVersion() {}

    private static int numberOf(String specification) {
        return Integer.parseInt(specification.startsWith("1.") ? specification.substring(2) : specification);
    }
}
