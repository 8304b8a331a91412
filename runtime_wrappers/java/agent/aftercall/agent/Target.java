package aftercall.agent;

/** One class to be woven: whose hooks its methods lead to, and where. */
final class Target {
    /** Where a hook stands in its method. */
    enum Place {
        /** At the start and at every end. */
        AROUND,
        /** At the start alone: no local variable, no handler. */
        ENTER,
        /** The same; what the hook returns, if anything, replaces the last argument. */
        REPLACE,
        /** Where a constructor returns. */
        MADE,
        /** Before each call of another method. */
        BEFORE,
        /** The same, with the last argument of that call. */
        PASSED
    }

    static final class Point {
        final Place place;
        final String method;
        final String descriptor;
        final int number;
        final String called;
        /** Null: those of the class. */
        final String hooks;
        /** Passed with its first argument (of instance methods the receiver), and only where that is a call's. */
        boolean isAlone;

        private Point(Place place, String method, String descriptor, int number, String called, String hooks) {
            this.hooks = hooks;
            this.place = place;
            this.method = method;
            this.descriptor = descriptor;
            this.number = number;
            this.called = called;
        }

        /** For methods that everybody runs often: nothing is made for those who are in no call. */
        Point alone() {
            isAlone = true;
            return this;
        }

        /** The same point, with other hooks than the rest of its class. */
        Point of(String others) {
            return new Point(place, method, descriptor, number, called, others);
        }

        /**
         * `descriptor` may be the beginning of one: releases add parameters, and return other types. A method's name may
         * end with `*`: lambdas are numbered.
         */
        boolean is(String name, String descriptor) {
            boolean isNamed = method.endsWith("*") ? name.startsWith(method.substring(0, method.length() - 1)) : method.equals(name);
            return isNamed && descriptor.startsWith(this.descriptor);
        }
    }

    /** Not to be woven: the class that a runtime client begins with. */
    static final Target RUNTIME_CLIENT = new Target(null, false);

    final String hooks;
    final boolean carries;
    final Point[] points;
    /** A method of two strings that hooks may call (see AftercallHeaders), or null. */
    String opened;

    Target(String hooks, boolean carries, Point... points) {
        this.hooks = hooks;
        this.carries = carries;
        this.points = points;
    }

    Target opening(String method) {
        opened = method;
        return this;
    }

    static Point around(String method, String descriptor, int number) {
        return new Point(Place.AROUND, method, descriptor, number, null, null);
    }

    static Point enter(String method, String descriptor, int number) {
        return new Point(Place.ENTER, method, descriptor, number, null, null);
    }

    static Point replace(String method, String descriptor, int number) {
        return new Point(Place.REPLACE, method, descriptor, number, null, null);
    }

    static Point made(String descriptor, int number) {
        return new Point(Place.MADE, "<init>", descriptor, number, null, null);
    }

    static Point passed(String called, String method, String descriptor, int number) {
        return new Point(Place.PASSED, method, descriptor, number, called, null);
    }

    /** `called` is the method that is called: `startHandshake`, or with its class `java/net/Socket.connect`. */
    static Point before(String called, String method, String descriptor, int number) {
        return new Point(Place.BEFORE, method, descriptor, number, called, null);
    }
}
