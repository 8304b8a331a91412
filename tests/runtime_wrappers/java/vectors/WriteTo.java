package aftercall.agent;

/** For each path on the command line, as a value of AFTERCALL_SPOOL_DIR: one frame, and the folder that it went to. */
public final class WriteTo {
    private WriteTo() {}

    public static void main(String[] arguments) {
        for (String named : arguments) {
            String folder = Settings.spoolFolder(named);
            Spool spool = new Spool(folder, "8", "test");
            spool.write(new Frame("note", 1, null));
            spool.ring();
            System.out.println(folder);
        }
    }
}
