/** The product's door for AI traces: keys from Postgres, the log of traces, and that of agents. */
import { createAnswerTraces } from '@/lib/edge/v1/traces/answer-traces';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

/** Answers a request where its path takes traces; null for every other path. Source: docs/architecture.md, AI traces. */
export const answerTraces = createAnswerTraces({
  append: entry => ingestLog('traces').append(entry),
  appendToAgentLog: entry => ingestLog('agent-log').append(entry),
});
