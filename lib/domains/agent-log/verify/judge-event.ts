/** Whether the row of an event is the one that the chain names. */
import { eventHash, eventSalt } from '@/lib/domains/agent-log/chain/hashes';
import { microsOf } from '@/lib/domains/agent-log/chain/times';
import { isErasedForm } from '@/lib/domains/agent-log/erasure/erased-form';
import { retentionDays } from '@/lib/domains/agent-log/rules';
import type { AgentLogErasure } from '@/lib/domains/agent-log/tables';
import type { FaultKind } from '@/lib/domains/agent-log/verify/faults';
import type { ChainedEvent } from '@/lib/domains/agent-log/verify/read-log';

/** What is known of an event's user. */
export type KnownUser = { salt: Buffer | undefined; erasure: AgentLogErasure | undefined };

const dayMicros = 86_400_000_000;

/** Whether BigQuery drops the partition of this time by now, or may have. */
export function isExpired(eventTimestamp: string, now: Date): boolean {
  const micros = microsOf(eventTimestamp) ?? 0;
  const day = Math.floor(micros / dayMicros);
  return (day + retentionDays) * dayMicros <= now.getTime() * 1_000;
}

/** What is wrong with the row; null where nothing is. A row that is gone for its age is as it should be. */
export function judgeEvent(chained: ChainedEvent, { salt, erasure }: KnownUser, now: Date): FaultKind | null {
  const { event, user_ref, content_hash } = chained;
  if (!event) return isExpired(chained.event_timestamp, now) ? null : 'event_missing';
  if (salt) {
    if (eventHash(eventSalt(salt, event.event_id), event) === content_hash) return null;
    // While an erasure is under way, some rows are as they were and some are not.
    const isUnderWay = erasure !== undefined && erasure.sequence !== null;
    return isUnderWay && isErasedForm(event, user_ref) ? null : 'event_changed';
  }
  if (erasure?.state !== 'DONE') return 'user_unknown';
  if (!isErasedForm(event, user_ref)) return 'not_erased';
  return event.event_timestamp === chained.event_timestamp ? null : 'event_changed';
}
