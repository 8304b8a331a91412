package aftercall.agent;

/** W3C's trace context for what the function calls, by AFTERCALL_PROPAGATE: SPOOL_FORMAT.md, "Propagation". */
final class Traceparent {
    private Traceparent() {}

    /** `trace id-flags` of an invocation, from its event, X-Ray's header or its request id. */
    static String of(String requestId, String xray, byte[] event) {
        return null;
    }

    static String with(String trace, String spanId) {
        return null;
    }
}
