package aftercall.agent;

import java.util.Locale;

/** For each pair of arguments, a host and a port, one line on standard output: what the agent may capture of a call. */
public final class DecideCaptures {
    private DecideCaptures() {}

    public static void main(String[] arguments) {
        CaptureRules rules = new CaptureRules(new Settings());
        for (int i = 0; i < arguments.length; i += 2) {
            CaptureRules.Capture capture = rules.of(arguments[i], Integer.parseInt(arguments[i + 1]));
            System.out.println(capture.name().toLowerCase(Locale.ROOT));
        }
    }
}
