package aftercall.agent;

/** Two frames, one by one, into one segment. */
public final class WriteTwice {
    public static void main(String[] arguments) {
        Spool spool = new Spool(arguments[0], "8", "test");
        spool.write(new Frame("note", 1, "r-1"));
        spool.write(new Frame("note", 2, "r-1"));
    }
}
