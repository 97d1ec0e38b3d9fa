import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The cases, in the order of their declaration, and how one is run. */
final class Suite {
    interface Case {
        void run(Session session) throws Exception;
    }

    interface CaseFor<T> {
        void run(Session session, T value) throws Exception;
    }

    /** Why a case cannot be run here. */
    static final class Skipped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Skipped(String why) {
            super(why);
        }
    }

    static final class Result {
        String result = "passed";
        String why = "";
        double seconds;
        boolean hangs;
    }

    private static final int CASE_SECONDS = 90;

    private final Map<String, Case> cases = new LinkedHashMap<>();

    void add(String title, Case body) {
        if (cases.put(title, body) != null) {
            throw new IllegalArgumentException("two cases are named " + title);
        }
    }

    /** One case for each of the values. */
    <T> void add(String title, Collection<T> each, CaseFor<T> body) {
        for (T value : each) {
            add(title + ": " + value, session -> body.run(session, value));
        }
    }

    Collection<String> titles() {
        return List.copyOf(cases.keySet());
    }

    Result run(String title, Session session) throws InterruptedException {
        Result result = new Result();
        long start = System.nanoTime();
        FutureTask<Void> task = new FutureTask<>(() -> {
            try {
                cases.get(title).run(session);
            } finally {
                session.cleanUp();
            }
            return null;
        });
        Thread thread = new Thread(task, title);
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(CASE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            late.setStackTrace(thread.getStackTrace());
            fail(result, "the case did not end within " + CASE_SECONDS + " s", late);
            thread.interrupt();
            thread.join(TimeUnit.SECONDS.toMillis(Check.PATIENCE));
            result.hangs = thread.isAlive();
        } catch (ExecutionException ended) {
            Throwable error = ended.getCause();
            if (error instanceof Skipped) {
                result.result = "skipped";
                result.why = error.getMessage();
            } else {
                fail(result, error instanceof Check.Failure ? error.getMessage() : error.toString(), error);
            }
        }
        result.seconds = (System.nanoTime() - start) / 1e9;
        return result;
    }

    private static void fail(Result result, String why, Throwable error) {
        result.result = "failed";
        result.why = why + " (" + place(error) + ")";
    }

    /** The innermost line of the cases themselves, which are in no package as little as what they share. */
    private static String place(Throwable error) {
        String place = "?";
        for (StackTraceElement line : error.getStackTrace()) {
            if (!line.getClassName().contains(".")) {
                place = line.getFileName() + ":" + line.getLineNumber();
                if (line.getFileName().endsWith("Cases.java")) {
                    break;
                }
            }
        }
        return place;
    }
}
