import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Thirty class loaders with a client each: used once, dropped; how many are still there. */
public final class Dropping {
    public static void main(String[] arguments) throws Exception {
        List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            dropped.add(used(arguments[0], arguments[1]));
        }
        int left = dropped.size();
        for (int i = 0; i < 20 && left > 0; i++) {
            System.gc();
            Thread.sleep(20);
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
