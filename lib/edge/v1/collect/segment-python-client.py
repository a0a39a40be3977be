"""Makes the calls of standard input (JSON) by Segment's SDK for Python: <host> <write key> <gzip or plain>."""

import json
import sys

from segment.analytics.client import Client

host, write_key, encoding = sys.argv[1:]
errors = []
client = Client(write_key, host=host, gzip=encoding == "gzip", on_error=lambda error, _: errors.append(str(error)))

for call in json.load(sys.stdin):
    kind = call["type"]
    if kind == "identify":
        client.identify(call["userId"], call["traits"])
    elif kind == "track":
        client.track(call["userId"], call["event"], call["properties"])
    elif kind == "page":
        client.page(call["userId"], name=call["name"], properties=call["properties"])
    elif kind == "screen":
        client.screen(call["userId"], name=call["name"], properties=call["properties"])
    elif kind == "group":
        client.group(call["userId"], call["groupId"], call["traits"])
    else:
        client.alias(call["previousId"], call["userId"])

client.flush()
client.join()
print(json.dumps(errors))
