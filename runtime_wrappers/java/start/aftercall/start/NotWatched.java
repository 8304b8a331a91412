package aftercall.start;

/** The agent could not start: the function runs without it, and one line says why. */
final class NotWatched {
    private NotWatched() {}

    static void say(Throwable thrown) {
        System.err.println("aftercall: this function is not watched: " + thrown
                + "; report it with the java version, or set AFTERCALL_DISABLED=true");
        if ("debug".equalsIgnoreCase(System.getenv("AFTERCALL_LOG_LEVEL"))) {
            thrown.printStackTrace();
        }
    }
}
