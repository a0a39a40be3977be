"""The plain way, as a floor: a line, json, SHA-1 of its fields, one upsert in SQLite. Prints rows a second."""

import hashlib
import json
import os
import sqlite3
import sys
import tempfile
import time

COLUMNS = (
    "session_id developer_id timestamp model tokens_in tokens_out latency_ms status_code accepted_flag repo_slug "
    "event_date total_tokens cost_usd diff_ratio accepted_lines trace_hash"
).split()
HASHED = COLUMNS[:11]

began = time.perf_counter()
with tempfile.TemporaryDirectory() as folder, open(sys.argv[1], encoding="utf-8") as lines:
    store = sqlite3.connect(os.path.join(folder, "cache.db"))
    store.execute(f"CREATE TABLE sessions ({', '.join(COLUMNS[:-1])}, trace_hash TEXT UNIQUE)")
    upsert = (
        f"INSERT INTO sessions VALUES ({', '.join('?' * len(COLUMNS))}) ON CONFLICT(trace_hash) DO UPDATE SET "
        "total_tokens = excluded.total_tokens, cost_usd = excluded.cost_usd"
    )
    count = 0
    for line in lines:
        record = json.loads(line)
        usage, metadata = record["usage"], record["metadata"]
        tokens_in, tokens_out = usage["prompt_tokens"], usage["completion_tokens"]
        timestamp = record["timestamp"].replace("Z", "+00:00")
        row = {
            "session_id": metadata.get("session_id"),
            "developer_id": metadata.get("developer_id"),
            "timestamp": timestamp,
            "model": record.get("model"),
            "tokens_in": tokens_in,
            "tokens_out": tokens_out,
            "latency_ms": float(record.get("latency_ms", 0)),
            "status_code": record.get("status_code"),
            "accepted_flag": 1 if record.get("accepted_flag") else 0,
            "repo_slug": metadata.get("repo_slug"),
            "event_date": timestamp[:10],
        }
        payload = json.dumps({name: row[name] for name in HASHED}, sort_keys=True)
        row["trace_hash"] = hashlib.sha1(payload.encode()).hexdigest()
        row["total_tokens"] = tokens_in + tokens_out
        row["cost_usd"] = (tokens_in + tokens_out) / 1e6 * 10
        row["diff_ratio"] = row["accepted_lines"] = None
        store.execute(upsert, [row[name] for name in COLUMNS])
        count += 1
    store.commit()
    store.close()
print(round(count / (time.perf_counter() - began)))
