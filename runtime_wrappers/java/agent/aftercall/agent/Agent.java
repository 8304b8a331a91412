package aftercall.agent;

import java.lang.instrument.Instrumentation;

/** The agent's parts, once java.lang has ours. */
final class Agent {
    static Invocations invocations;
    static Spool spool;

    private Agent() {}

    static void start(Instrumentation instrumentation, Parts parts) {
        Settings settings = new Settings();
        spool = new Spool(settings.spoolFolder, System.getProperty("java.version"), Version.NAME);
        Report report = new Report(spool, settings.debug);
        invocations = new Invocations(settings, spool);
        Calls calls = new Calls(settings, spool, invocations, report);
        invocations.calls(calls);
        AftercallCall.calls = calls;
        instrumentation.addTransformer(new ClassWeaver(HookTable.targets(), new HookLoader(parts), report));
    }
}
