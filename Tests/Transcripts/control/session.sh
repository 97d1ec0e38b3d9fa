krun step '{ "fault": "broker-down", "broker": 2 }'
krun step '{ "fault": "fail", "request": "Produce", "error": "NOT_ENOUGH_REPLICAS", "times": 2 }'
krun step '{ "produce": "orders", "messages": [{ "key": "alice", "value": "espresso" }, { "key": "bob", "value": "tea" }] }'
krun step '{ "fault": "heal", "expect": { "applied": 3 } }'
krun step - < billing.json
krun step '{ "offsets": "billing", "topic": "orders", "expect": { "lag": 0 } }'
krun step '{ "group": "billing", "expect": { "state": "Empty" } }'
krun step @grow.json
krun step '{ "topic": "orders", "expect": { "partitions": 3 } }' || echo "exit $?"
krun step '{ "fault": "broker-dwon", "broker": 2 }' || echo "exit $?"
krun step '{ "topic": "orders", "create": { "replicationFactor": 3 }, "expect": { "error": "TOPIC_ALREADY_EXISTS" } }'
krun step '{ "topic": "__consumer_offsets", "delete": true }' || echo "exit $?"
krun step '{ "fault": "heal" }' --output json
