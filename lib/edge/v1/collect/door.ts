/** The product's door for events: sources and what is left of the month from Postgres, kept for seconds, and the log of events. */
import { sourceOfWriteKey } from '@/lib/domains/events/sources/source-of-write-key';
import { mayTakeEvents } from '@/lib/domains/events/volume/may-take-events';
import { createAnswerCollect } from '@/lib/edge/v1/collect/answer-collect';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

/** Answers a request where its path takes events; null for every other path. Source: docs/architecture.md, Event collection. */
export const answerCollect = createAnswerCollect({
  senderOf: writeKey => sourceOfWriteKey(writeKey),
  mayTakeEvents: (customerId, count) => mayTakeEvents(customerId, count),
  append: entry => ingestLog('events').append(entry),
});
