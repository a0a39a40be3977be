/** The product's door for events: sources and standing from Postgres, each kept for two seconds, and the log of events. */
import { requireStanding } from '@/lib/domains/events/collect/standing';
import { sourceOfWriteKey } from '@/lib/domains/events/sources/source-of-write-key';
import { createAnswerCollect } from '@/lib/edge/v1/collect/answer-collect';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

/** Answers a request where its path takes events; null for every other path. Source: docs/architecture.md, Event collection. */
export const answerCollect = createAnswerCollect({
  senderOf: writeKey => sourceOfWriteKey(writeKey),
  requireStanding,
  append: entry => ingestLog('events').append(entry),
});
