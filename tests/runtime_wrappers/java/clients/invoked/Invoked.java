import java.util.Map;
import java.util.Properties;

/** The driver as a function: an event's "plan" is what would stand in the properties file. */
public class Invoked {
    public String handle(Map<String, Object> event) throws Exception {
        Properties plan = new Properties();
        plan.putAll((Map<?, ?>) event.get("plan"));
        StringBuilder results = new StringBuilder();
        Driver driver = new Driver(plan);
        for (int step = 0; plan.getProperty(step + ".scenario") != null; step++) {
            results.append(driver.run(step + ".")).append('\n');
        }
        return results.toString();
    }
}
