package aftercall.agent;

/** More frames than an invocation may write, then one that ends a call, and a second invocation: to the folder named. */
public final class LoseFrames {
    private LoseFrames() {}

    public static void main(String[] arguments) {
        Spool spool = new Spool(arguments[0], "8", "test");
        for (int i = 0; i < Spool.INVOCATION_FRAMES + 5; i++) {
            spool.write(new Frame("note", 1, null));
        }
        spool.write(new Frame("call_end", 1, null));
        spool.beginInvocation();
        spool.write(new Frame("call_end", 1, null));
        spool.ring();
    }
}
