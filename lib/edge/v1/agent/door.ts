/** The product's door for the agent log: keys from Postgres, and the log of its events. */
import { createAnswerAgent } from '@/lib/edge/v1/agent/answer-agent';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

/** Answers a request where its path takes the agent log; null for every other path. Source: docs/architecture.md, Agent log. */
export const answerAgent = createAnswerAgent({ append: entry => ingestLog('agent-log').append(entry) });
