import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How a case judges, and how it waits. */
final class Check {
    /** What was expected and what was got. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure(String what) {
            super(what);
        }
    }

    interface Action {
        void run() throws Exception;
    }

    /** For one wait, in seconds, generous: a broker that is right does not use it up. */
    static final int PATIENCE = 30;

    private Check() {}

    static void equal(Object actual, Object expected, String what) {
        if (!Objects.equals(actual, expected)) {
            throw new Failure(what + ": expected " + shortened(expected) + ", got " + shortened(actual));
        }
    }

    static void holds(boolean condition, String what) {
        if (!condition) {
            throw new Failure(what);
        }
    }

    /** The action must fail with such an exception, which is returned. */
    static <E extends Exception> E raises(Class<E> expected, String what, Action action) {
        try {
            action.run();
        } catch (Failure failure) {
            throw failure;
        } catch (Exception error) {
            if (expected.isInstance(error)) {
                return expected.cast(error);
            }
            throw new Failure(what + ": expected " + expected.getSimpleName() + ", got " + error);
        }
        throw new Failure(what + ": expected " + expected.getSimpleName() + ", but it succeeded");
    }

    /** What the future brings; what it fails with is thrown as it is, not wrapped. */
    static <T> T get(Future<T> future) throws Exception {
        try {
            return future.get(PATIENCE, TimeUnit.SECONDS);
        } catch (ExecutionException error) {
            if (error.getCause() instanceof Exception) {
                // It came about in a thread of the client; where the case waited says more.
                error.getCause().setStackTrace(error.getStackTrace());
                throw (Exception) error.getCause();
            }
            throw error;
        }
    }

    static void until(String what, Callable<Boolean> condition) throws Exception {
        untilEqual(what, true, condition);
    }

    /** Asks until the answer is the expected one. */
    static <T> void untilEqual(String what, T expected, Callable<T> attempt) throws Exception {
        Deadline deadline = new Deadline(what);
        T actual = attempt.call();
        while (!Objects.equals(actual, expected)) {
            deadline.check(actual);
            Thread.sleep(10);
            actual = attempt.call();
        }
    }

    static String shortened(Object value) {
        String text = value instanceof String ? "'" + value + "'" : String.valueOf(value);
        return text.length() <= 400 ? text : text.substring(0, 400) + "… (" + text.length() + " characters)";
    }

    /** The end of a wait. */
    static final class Deadline {
        private final String what;
        private final long start = System.nanoTime();

        Deadline(String what) {
            this.what = what;
        }

        double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        /** To be called in every turn of a loop that waits. */
        void check(Object state) {
            if (seconds() > PATIENCE) {
                throw new Failure(what + ": not within " + PATIENCE + " s (so far: " + shortened(state) + ")");
            }
        }
    }
}
