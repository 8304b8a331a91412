package aftercall.agent;

/** What the first frame of each segment says. Made again when it has changed, so that what was told can be compared. */
final class ProcessFrame {
    private static final String NO_CLIENT = "no known runtime client was loaded";

    private final byte[] versions;
    private long pid;
    private long start;
    private String client;
    private String notWatched = NO_CLIENT;
    private Frame frame;

    ProcessFrame(String runtimeVersion, String wrapperVersion) {
        Json json = new Json(128);
        json.text("runtime", "java");
        json.text("runtime_version", runtimeVersion);
        json.text("wrapper", wrapperVersion);
        versions = json.toBytes();
    }

    void begin(long pid, long start) {
        this.pid = pid;
        this.start = start;
        frame = null;
    }

    void client(String name) {
        client = name;
        notWatched = null;
        frame = null;
    }

    void notWatched(String why) {
        if (client == null) {
            notWatched = why;
            frame = null;
        }
    }

    /** A runtime client begins to run, and will ask for events: whether it can be watched is not known yet. */
    void expectClient() {
        if (NO_CLIENT.equals(notWatched)) {
            notWatched = null;
            frame = null;
        }
    }

    String nameOfSegment(long number) {
        return pid + "-" + start + '-' + number + ".segment";
    }

    /** The same object until something of it changes. */
    Frame frame() {
        if (frame == null) {
            frame = new Frame("process", start, null)
                    .with("format", 2)
                    .with("pid", pid)
                    .with("start", start)
                    .with("client", client)
                    .with("not_watched", notWatched)
                    .tail(versions);
            frame.size();
        }
        return frame;
    }
}
