krun broker --port 0 --control 0 --ready-file ready > out 2> err &
broker=$!
until [ -s ready ]; do sleep 0.05; done
cat out
eval "$(cat out)"
krun step '{ "fault": "heal" }'
kill $broker
wait $broker
head -n 2 err
