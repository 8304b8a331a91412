import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten class loaders with a client each: used once, dropped; how many are still there. They are waited for until no more
 * are left than the third argument says, and that for so many seconds at most as the fourth.
 */
public final class Dropping {
    public static void main(String[] arguments) throws Exception {
        List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            dropped.add(used(arguments[0], arguments[1]));
        }
        int enough = Integer.parseInt(arguments[2]);
        long end = System.nanoTime() + 1_000_000_000L * Integer.parseInt(arguments[3]);
        int left = dropped.size();
        while (left > enough && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(50);
            left = 0;
            for (WeakReference<ClassLoader> loader : dropped) {
                left += loader.get() == null ? 0 : 1;
            }
        }
        System.out.println(left);
        System.exit(0);
    }

    private static WeakReference<ClassLoader> used(String classPath, String url) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String path : classPath.split(":")) {
            urls.add(new File(path).toURI().toURL());
        }
        URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), Dropping.class.getClassLoader().getParent());
        loader.loadClass("Once").getMethod("use", String.class).invoke(null, url);
        loader.close();
        return new WeakReference<>(loader);
    }
}
