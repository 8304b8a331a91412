package aftercall.agent;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** A thousand calls of each kind, and how many are still there when two more invocations are over. */
public final class KeepCalls {
    private static final int CALLS = 1000;

    public static void main(String[] arguments) throws InterruptedException {
        for (String kind : new String[] {"ended", "no_response", "unread", "late_response", "in_init", "in_init_unread"}) {
            Spool spool = new Spool(arguments[0], "8", "test");
            Settings settings = new Settings();
            Invocations invocations = new Invocations(settings, spool);
            Calls calls = new Calls(settings, spool, invocations, new Report(spool, false));
            invocations.calls(calls);
            List<WeakReference<AftercallCall>> made = begun(kind, calls, invocations);
            for (String id : new String[] {"second", "third"}) {
                invocations.started(id, 0, "", null, null);
                invocations.succeeded(id, null, null);
            }
            System.out.println(kind + " " + left(made));
            if (calls.current() != null) {
                throw new AssertionError("the calls are needed until here");
            }
        }
    }

    private static List<WeakReference<AftercallCall>> begun(String kind, Calls calls, Invocations invocations) {
        if (!kind.startsWith("in_init")) {
            invocations.started("first", 0, "", null, null);
        }
        List<AftercallCall> begun = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            AftercallCall call = calls.begin("x", "GET", "http://127.0.0.1/", "127.0.0.1", 80, null);
            call.stage("connect");
            begun.add(call);
            if (kind.equals("ended")) {
                call.end("x", "y");
            } else if (kind.endsWith("unread")) {
                call.responded(200, new byte[0], 10);
            }
        }
        if (!kind.startsWith("in_init")) {
            invocations.succeeded("first", null, null);
        }
        List<WeakReference<AftercallCall>> made = new ArrayList<>();
        for (AftercallCall call : begun) {
            if (kind.equals("late_response")) {
                call.responded(200, new byte[0], 10);
            }
            made.add(new WeakReference<>(call));
        }
        return made;
    }

    private static int left(List<WeakReference<AftercallCall>> made) throws InterruptedException {
        int left = 0;
        for (int i = 0; i < 20; i++) {
            System.gc();
            left = 0;
            for (WeakReference<AftercallCall> call : made) {
                left += call.get() == null ? 0 : 1;
            }
            if (left == 0) {
                break;
            }
            Thread.sleep(10);
        }
        return left;
    }
}
