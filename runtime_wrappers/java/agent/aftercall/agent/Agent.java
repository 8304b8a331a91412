package aftercall.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

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
        Map<String, Target> targets = HookTable.targets();
        instrumentation.addTransformer(new ClassWeaver(targets, new HookLoader(new Parts(jar)), report));
        tellOfLoaded(targets, instrumentation.getAllLoadedClasses(), report);
    }

    /** Another agent may have used a class before us, or an archive may have brought it: no hook gets into that one. */
    private static void tellOfLoaded(Map<String, Target> targets, Class<?>[] loaded, Report report) {
        Set<String> names = new HashSet<>(2 * targets.size());
        for (String name : targets.keySet()) {
            names.add(name.replace('/', '.'));
        }
        for (Class<?> one : loaded) {
            if (names.contains(one.getName())) {
                report.tooEarly(one.getName());
            }
        }
    }
}
