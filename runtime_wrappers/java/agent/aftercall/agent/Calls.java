package aftercall.agent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Begins calls, and knows which have a response that is not read yet, and which one each thread is in. */
final class Calls implements AftercallCalls {
    final Settings settings;
    final Spool spool;
    final Invocations invocations;
    private final Report report;
    private final CaptureRules rules;
    /** A place for one: to look it up is most of the work, and hooks exchange what is in it. */
    private final ThreadLocal<AftercallCall[]> current = new ThreadLocal<>();

    private volatile Fields fields;
    private final Set<Call> unread = Collections.newSetFromMap(new ConcurrentHashMap<>());

    Calls(Settings settings, Spool spool, Invocations invocations, Report report) {
        this.settings = settings;
        this.spool = spool;
        this.invocations = invocations;
        this.report = report;
        rules = new CaptureRules(settings);
    }

    @Override
    public AftercallCall begin(String library, String method, String url, String host, int port, String proxy) {
        CaptureRules.Capture capture = rules.of(host, port);
        if (capture == CaptureRules.Capture.NOTHING) {
            return null;
        }
        return new Call(
                this, library, method, url, host, port, proxy, capture == CaptureRules.Capture.ALL);
    }

    /** The fields that all frames of one call have. */
    byte[] identity(String requestId, long spanId) {
        Fields known = fields;
        if (known == null || !known.requestId.equals(requestId)) {
            known = new Fields(requestId);
            fields = known;
        }
        Json identity = new Json(known.bytes.length + 17);
        identity.raw(known.bytes);
        identity.hexDigits(spanId);
        identity.raw("\"");
        return identity.toBytes();
    }

    /** What calls of one invocation have alike. */
    private static final class Fields {
        final String requestId;
        final byte[] bytes;

        Fields(String requestId) {
            this.requestId = requestId;
            Json json = new Json(96);
            if (!requestId.isEmpty()) {
                json.text("request_id", requestId);
            }
            json.name("span_id");
            json.raw("\"");
            bytes = json.toBytes();
        }
    }

    @Override
    public AftercallCall current() {
        AftercallCall[] place = current.get();
        return place == null ? null : place[0];
    }

    @Override
    public AftercallCall current(AftercallCall call) {
        AftercallCall[] place = current.get();
        if (place == null) {
            place = new AftercallCall[1];
            current.set(place);
        }
        AftercallCall before = place[0];
        place[0] = call;
        return before;
    }

    @Override
    public void fault(String hook, Throwable thrown) {
        report.fault(hook, thrown);
    }

    /** Its response is to be read. One that belongs to no invocation is never given up. */
    void responded(Call call) {
        if (!call.requestId().isEmpty()) {
            unread.add(call);
        }
    }

    void closed(Call call) {
        unread.remove(call);
    }

    /**
     * An invocation is over: a response that nobody has read to its end by now is given up, and one that came later than
     * the end of its own invocation. Many programs look at the status alone and never close the rest.
     */
    void giveUp() {
        List<Call> left = new ArrayList<>();
        for (Call call : unread) {
            if (!invocations.isOpen(call.requestId())) {
                left.add(call);
            }
        }
        for (Call call : left) {
            call.end((Throwable) null, false);
        }
    }
}
