# Answers each order with a meal, as long as it lives.
echo "open for $KRUN_SCENARIO"
krun consume --topic orders --group kitchen --from earliest --output raw 2>/dev/null | while IFS= read -r dish; do
    echo "$dish is ready"
    echo "guest:$dish is served" | krun produce --topic meals --quiet >/dev/null
done
