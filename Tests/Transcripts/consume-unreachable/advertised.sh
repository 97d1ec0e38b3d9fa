# A broker that is advertised where nobody reaches it, and consumers that find out.
krun broker --port 0 --topic test-topic --ready-file ready --advertised-host 127.0.0.2 >broker.out 2>broker.err &
until [ -s ready ]; do sleep 0.1; done
bootstrap=127.0.0.1:$(sed 's/.*://' ready)
timeout --foreground --preserve-status -s INT 5 krun consume --brokers $bootstrap
echo "ended with $?"
krun consume --no-group --brokers $bootstrap --timeout 2s
echo "ended with $?"
kill $!
wait $!
