package aftercall.agent;

import java.util.Map;
import java.util.TreeMap;

/** What was lost or failed since it was told last: SPOOL_FORMAT.md, `drops`. */
final class Losses {
    private final Map<String, Long> lost = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();
    private long bytes;


    void lose(String reason, long count, long size) {
        if (count > 0) {
            add(lost, reason, count);
            bytes += size;
        }
    }

    void fault(String hook) {
        add(faults, hook, 1);
    }

    /** Not by Map.merge and a lambda: the first lambda of a process costs it milliseconds. */
    private static void add(Map<String, Long> counts, String name, long more) {
        Long count = counts.get(name);
        counts.put(name, count == null ? more : count + more);
    }

    boolean areNone() {
        return lost.isEmpty() && faults.isEmpty();
    }

    /** All of them, in the frame's words. */
    Frame frame(long time, String requestId) {
        return new Frame("drops", time, requestId)
                .withJson("frames", counters(lost))
                .with("bytes", bytes)
                .withJson("faults", counters(faults));
    }

    void clear() {
        lost.clear();
        faults.clear();
        bytes = 0;
    }

    private static String counters(Map<String, Long> counts) {
        Json json = new Json(64);
        json.raw("{");
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.raw(json.length > 1 ? "," : "");
            json.quote(count.getKey());
            json.raw(":");
            json.digits(count.getValue());
        }
        json.raw("}");
        return json.toString();
    }
}
