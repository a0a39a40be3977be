-- Which tables hold one customer's agent log: each dataset of one, written `agent` here.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
-- Policy tags, views and grants are applied by `npm run cli -- schemas security apply`.

CREATE TABLE IF NOT EXISTS agent.chat_event_chain (
  `sequence` INT64 NOT NULL OPTIONS (description = 'Number within the customer, from 1 without gaps.'),
  `recorded_at` TIMESTAMP NOT NULL OPTIONS (description = 'When it was recorded, UTC; never before that of the row with the number before. Partition key.'),
  `kind` STRING NOT NULL OPTIONS (description = 'event, or erasure of a user.'),
  `event_id` STRING OPTIONS (description = 'The event that it is about; NULL for an erasure.'),
  `event_timestamp` TIMESTAMP OPTIONS (description = 'When that event happened, by which its row is found.'),
  `user_ref` STRING NOT NULL OPTIONS (description = 'Name of ours for the event\'s user, or of the user who was erased.'),
  `content_hash` STRING NOT NULL OPTIONS (description = 'SHA-256 (hex) of the event\'s row under a secret salt of its user, or of the erasure\'s statement.'),
  `previous_hash` STRING NOT NULL OPTIONS (description = 'chain_hash of the row with the number before; 64 zeros for the first.'),
  `chain_hash` STRING NOT NULL OPTIONS (description = 'SHA-256 (hex) of all other columns.'),
  PRIMARY KEY (sequence) NOT ENFORCED
)
PARTITION BY DATE(recorded_at)
CLUSTER BY sequence
OPTIONS (
  description = 'One row per row of chat_events and per erasure, in the order in which they were recorded, each with the hash of the one before, so that a changed, dropped or moved row is found. Holds nothing of what was said.',
  labels = [('tier', 'core'), ('schema_version', 'v1-0')],
  partition_expiration_days = 367
);

CREATE TABLE IF NOT EXISTS agent.chat_events (
  `event_id` STRING NOT NULL OPTIONS (description = 'UUIDv4 of the event, given by its sender; sent again, the event counts once.'),
  `event_timestamp` TIMESTAMP NOT NULL OPTIONS (description = 'When it happened, by the sender\'s clock, UTC. Partition key.'),
  `session_id` STRING NOT NULL OPTIONS (description = 'Session (conversation) that it belongs to.'),
  `user_id` STRING NOT NULL OPTIONS (description = 'User on whose behalf the agent worked; after the user was erased a name of ours without meaning.'),
  `event_type` STRING NOT NULL OPTIONS (description = 'message_sent, tool_start, tool_end or error.'),
  `content` JSON OPTIONS (description = 'The payload: text of a message, arguments or result of a tool. NULL where none was sent or its user was erased.'),
  `metadata` JSON OPTIONS (description = 'Latency, tokens, cost estimate. Of a tool event also execution_id and tool_name, of its end status, error_message and bytes_billed.'),
  `client_info` JSON OPTIONS (description = 'User agent, address without its last part, locale of the client.'),
  PRIMARY KEY (event_id) NOT ENFORCED
)
PARTITION BY DATE(event_timestamp)
CLUSTER BY session_id, user_id, event_type
OPTIONS (
  description = 'Append-only log of what agents said, ran and failed at, exactly the columns of the document of the agent log. A row is an event, written once; only the erasure of a user takes its content away.',
  labels = [('tier', 'core'), ('schema_version', 'v1-0')],
  partition_expiration_days = 365
);

CREATE TABLE IF NOT EXISTS agent.repo_snapshots (
  `commit_hash` STRING NOT NULL OPTIONS (description = 'Commit that was indexed, 40 or 64 hexadecimal digits.'),
  `repo_url` STRING NOT NULL OPTIONS (description = 'Address of the repository, as https://github.com/acme/shop.'),
  `indexed_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the index was made, UTC.'),
  `file_count` INT64 OPTIONS (description = 'Files that were indexed.'),
  `total_tokens` INT64 OPTIONS (description = 'Tokens of all files together.'),
  `vector_index_path` STRING OPTIONS (description = 'Where the index lies in Cloud Storage, as gs://bucket/path.'),
  PRIMARY KEY (repo_url, commit_hash) NOT ENFORCED
)
CLUSTER BY repo_url, commit_hash
OPTIONS (
  description = 'States of repositories that were indexed for agents, exactly the columns of the document of the agent log. One row per repository and commit, the last one reported wins.',
  labels = [('tier', 'core'), ('schema_version', 'v1-0')]
);
