package aftercall.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;

/** Puts the agent's parts together, once they are in the boot loader. */
public final class Agent {
    static Invocations invocations;
    static Spool spool;

    private Agent() {}

    public static void start(Instrumentation instrumentation, File jar) {
        Settings settings = new Settings();
        spool = new Spool(settings.spoolFolder, System.getProperty("java.version"), Version.NAME);
        Report report = new Report(spool, settings.debug);
        invocations = new Invocations(settings, spool);
        Calls calls = new Calls(settings, spool, invocations, report);
        invocations.calls(calls);
        AftercallCall.calls = calls;
        instrumentation.addTransformer(new ClassWeaver(HookTable.targets(), new HookLoader(new Parts(jar)), report));
    }
}
