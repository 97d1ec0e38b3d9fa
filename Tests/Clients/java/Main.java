import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The process of Kafka's own client: a line of JSON for each case, as run.py reads them. */
public final class Main {
    private final String client;
    private final Session.Facts facts = new Session.Facts();
    private final List<String> only = new ArrayList<>();
    private boolean list;

    private Main(String[] arguments) {
        client = arguments[0];
        for (int i = 1; i < arguments.length; i += 1) {
            String[] parts = arguments[i].split("=", 2);
            String value = parts.length > 1 ? parts[1] : "";
            switch (parts[0]) {
            case "--brokers": facts.brokers = value; break;
            case "--sasl-brokers": facts.saslBrokers = value; break;
            case "--user": facts.user = value; break;
            case "--password": facts.password = value; break;
            case "--only": only.add(value); break;
            case "--list": list = true; break;
            default: throw new IllegalArgumentException(arguments[i]);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        new Main(arguments).run();
    }

    private void run() throws Exception {
        Suite suite = new Suite();
        TopicCases.addTo(suite);
        ConfigCases.addTo(suite);
        MessageCases.addTo(suite);
        ProducerCases.addTo(suite);
        PositionCases.addTo(suite);
        GroupCases.addTo(suite);
        MembershipCases.addTo(suite);
        GroupAdminCases.addTo(suite);
        TransactionCases.addTo(suite);
        TransactionalGroupCases.addTo(suite);
        TransactionAdminCases.addTo(suite);
        LoginCases.addTo(suite);
        List<String> titles = suite.titles().stream().filter(this::isChosen).collect(Collectors.toList());
        PrintStream say = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (list) {
            titles.forEach(title -> say.println(client + "/" + title));
            return;
        }
        // What anything else prints must not come between the lines.
        System.setOut(System.err);
        say.println("{\"titles\": [" + titles.stream().map(Main::quoted).collect(Collectors.joining(", ")) + "]}");
        Session session = new Session(facts);
        for (String title : titles) {
            Suite.Result result = suite.run(title, session);
            say.println(
                "{\"title\": " + quoted(title) + ", \"result\": " + quoted(result.result) + ", \"why\": " + quoted(result.why)
                    + ", \"seconds\": " + result.seconds + "}");
            if (result.hangs) {
                // Its thread may still hold anything: run.py says that the others have failed with it.
                Runtime.getRuntime().halt(1);
            }
        }
        session.end();
        say.flush();
        // Threads of a client that hung must not keep the process.
        Runtime.getRuntime().halt(0);
    }

    /** As in run.py: a part of the title, or a pattern of `client/title`. */
    private boolean isChosen(String title) {
        return only.isEmpty() || only.stream().anyMatch(p -> title.contains(p) || (client + "/" + title).matches(expression(p)));
    }

    /** The regular expression of a pattern with *, ? and [...]. */
    private static String expression(String pattern) {
        StringBuilder made = new StringBuilder("(?s)");
        for (int i = 0; i < pattern.length(); i += 1) {
            char c = pattern.charAt(i);
            int end = pattern.indexOf(']', i + 2);
            if (c == '*') {
                made.append(".*");
            } else if (c == '?') {
                made.append('.');
            } else if (c == '[' && end > 0) {
                String set = pattern.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[").replace("&", "\\&");
                made.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set.replace("^", "\\^")).append(']');
                i = end;
            } else {
                made.append("\\Q").append(c).append("\\E");
            }
        }
        return made.toString();
    }

    private static String quoted(String text) {
        StringBuilder made = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                made.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                made.append(String.format("\\u%04x", (int) c));
            } else {
                made.append(c);
            }
        }
        return made.append('"').toString();
    }
}
