/** Compares the rows of events with what the chain says of them. */
import type { AgentLogErasure } from '@/lib/domains/agent-log/tables';
import { type Faults, mostFaults } from '@/lib/domains/agent-log/verify/faults';
import { isExpired, judgeEvent, type KnownUser } from '@/lib/domains/agent-log/verify/judge-event';
import { erasuresOf, saltsOf } from '@/lib/domains/agent-log/verify/known-users';
import {
  type ChainedEvent,
  eventPages,
  eventsAnew,
  type LogPlace,
  miscounted,
} from '@/lib/domains/agent-log/verify/read-log';
import { waitingEvents, waitingOf } from '@/lib/domains/agent-log/verify/waiting-rows';

/** Ids of one statement. */
const idsAtOnce = 1_000;

export type EventCheck = { place: LogPlace; faults: Faults; now: Date };
export type EventRange = { first: number; last: number; lo: string; hi: string };

/** What is known of the users of these events, as of now. */
async function usersOf({ customerId }: LogPlace, events: readonly ChainedEvent[]): Promise<Map<string, KnownUser>> {
  const refs = [...new Set(events.map(event => event.user_ref))];
  const salts = await saltsOf(customerId, refs);
  const erasures = new Map<string, AgentLogErasure>((await erasuresOf(customerId)).map(row => [row.userRef, row]));
  return new Map(refs.map(ref => [ref, { salt: salts.get(ref), erasure: erasures.get(ref) }]));
}

const unknown: KnownUser = { salt: undefined, erasure: undefined };

/** The events of which some row is not as the chain says. */
async function doubtful(check: EventCheck, events: readonly ChainedEvent[]): Promise<ChainedEvent[]> {
  const users = await usersOf(check.place, events);
  return events.filter(event => judgeEvent(event, users.get(event.user_ref) ?? unknown, check.now) !== null);
}

/** Looks at doubtful events once more: their rows may have arrived or been erased meanwhile, and an id may have come twice. */
async function judgeAnew(check: EventCheck, doubts: ReadonlyMap<number, ChainedEvent>): Promise<void> {
  const rows = await eventsAnew(check.place, [...new Set([...doubts.values()].map(event => event.event_id))]);
  const users = await usersOf(check.place, rows);
  const bySequence = Map.groupBy(rows, row => row.sequence);
  for (const [sequence, doubt] of doubts) {
    const found = bySequence.get(sequence) ?? [doubt];
    const kinds = found.map(row => judgeEvent(row, users.get(row.user_ref) ?? unknown, check.now));
    const [kind] = kinds;
    if (kind && !kinds.includes(null)) check.faults.add(kind, { sequence, eventId: doubt.event_id });
  }
}

/** Checks the events of a stretch of the chain; answers how many have a row. */
export async function checkEvents(check: EventCheck, range: EventRange): Promise<number> {
  const doubts = new Map<number, ChainedEvent>();
  let rows = 0;
  for await (const page of eventPages(check.place, range)) {
    rows += page.filter(({ event }) => event !== null).length;
    for (const event of await doubtful(check, page)) doubts.set(event.sequence, { ...event, event: null });
  }
  const waiting = await waitingOf(check.place, new Set([...doubts.values()].map(event => event.event_id)));
  const left = [...doubts].filter(([, event]) => !waiting.has(event.event_id));
  for (let at = 0; at < left.length; at += idsAtOnce) {
    if (check.faults.count >= mostFaults) {
      // So much is wrong already that what is listed no longer grows.
      check.faults.count += left.length - at;
      break;
    }
    await judgeAnew(check, new Map(left.slice(at, at + idsAtOnce)));
  }
  return rows;
}

/** Finds rows of events that the chain does not know of, and copies too many or too few. */
export async function checkCounts({ place, faults, now }: EventCheck): Promise<void> {
  const candidates = await miscounted(place, mostFaults + 1 + (await waitingEvents(place)));
  const ids = candidates.map(({ event_id }) => event_id);
  const waiting = await waitingOf(place, new Set(ids));
  const left = ids.filter(id => !waiting.has(id));
  for (let at = 0; at < left.length; at += idsAtOnce) {
    for (const { event_id: eventId, rows, known } of await miscounted(
      place,
      idsAtOnce,
      left.slice(at, at + idsAtOnce),
    )) {
      if (known === 0) faults.add('event_unknown', { eventId });
      else if (rows > known) faults.add('event_twice', { eventId });
      else if (!(await eventsAnew(place, [eventId])).some(row => isExpired(row.event_timestamp, now)))
        faults.add('event_missing', { eventId, detail: `${rows} of ${known} rows are there` });
    }
  }
}
