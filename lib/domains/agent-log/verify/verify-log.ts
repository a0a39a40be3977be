/**
 * Verifies a customer's agent log: that every row of the chain is there and follows the one before, up to where the chain ends, that
 * it passes through all checkpoints, and that each event is exactly as it was recorded. Source: docs/architecture.md, Chain.
 */
import { type ChainHead, readHead } from '@/lib/domains/agent-log/chain/extend-chain';
import type { ChainRow } from '@/lib/domains/agent-log/chain/hashes';
import {
  type CheckpointStatement,
  listCheckpoints,
  openCheckpoint,
} from '@/lib/domains/agent-log/checkpoints/checkpoint';
import { ChainWalk } from '@/lib/domains/agent-log/verify/chain-walk';
import {
  checkCounts,
  checkEvents,
  type EventCheck,
  type EventRange,
} from '@/lib/domains/agent-log/verify/check-events';
import { type Fault, Faults } from '@/lib/domains/agent-log/verify/faults';
import { erasuresOf } from '@/lib/domains/agent-log/verify/known-users';
import { chainEnds, chainPages, type LogPlace } from '@/lib/domains/agent-log/verify/read-log';
import { firstWaiting } from '@/lib/domains/agent-log/verify/waiting-rows';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { tables } from '@/lib/warehouse/rows/agent';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';

/** Rows of the chain whose events are asked for at once. */
const stretchRows = 50_000;
const dayMs = 86_400_000;

export type VerifiedLog = {
  customerId: string;
  /** Rows of the chain and of events that were compared. */
  rows: number;
  events: number;
  /** Number of the chain's last row, and up to which one rows have arrived in BigQuery. */
  head: number;
  arrived: number;
  /** Checkpoints whose seals fit. */
  checkpoints: number;
  /** At most 1,000, and how many there are. */
  faults: Fault[];
  faultCount: number;
};

/** The checkpoints whose seals fit; those of which it does not are faults. */
async function sealedOnes({ customerId }: LogPlace, faults: Faults): Promise<CheckpointStatement[]> {
  const statements: CheckpointStatement[] = [];
  for (const checkpoint of await listCheckpoints(customerId)) {
    const statement = await openCheckpoint(checkpoint);
    if (statement) statements.push(statement);
    else faults.add('checkpoint_forged', { sequence: checkpoint.sequence, detail: checkpoint.day });
  }
  return statements;
}

/** How long BigQuery keeps rows of the chain: longer than the events that they are about. */
function chainLivesMs(): number {
  const { table } = tables.chat_event_chain;
  return Number(loadDefinitions('agent').find(definition => definition.table === table)?.partitioning?.expirationMs);
}

/** The last row that a checkpoint names of those that are gone for their age. */
function lastGone(checkpoints: readonly CheckpointStatement[], now: Date): CheckpointStatement | null {
  const livesMs = chainLivesMs();
  const isGone = ({ recorded_at }: CheckpointStatement) =>
    Math.floor(Date.parse(recorded_at) / dayMs) * dayMs + livesMs <= now.getTime();
  return checkpoints.filter(isGone).at(-1) ?? null;
}

/** From when to when the events of these rows are. */
function timesOf(rows: readonly ChainRow[], before: EventRange | null): { lo: string; hi: string } | null {
  const times = rows.flatMap(({ event_timestamp }) => (event_timestamp === null ? [] : [event_timestamp]));
  if (before) times.push(before.lo, before.hi);
  const inOrder = times.toSorted();
  const [lo, hi] = [inOrder[0], inOrder.at(-1)];
  return lo === undefined || hi === undefined ? null : { lo, hi };
}

/** Walks one stretch of the chain, then checks its events; answers how many have a row. */
async function checkStretch(check: EventCheck, walk: ChainWalk, first: number, last: number): Promise<number> {
  let range: EventRange | null = null;
  for await (const page of chainPages(check.place, first, last)) {
    for (const row of page) walk.take(row);
    const times = timesOf(page, range);
    if (times) range = { first, last, ...times };
  }
  return range ? await checkEvents(check, range) : 0;
}

/** Whether the chain ends where Postgres says. */
async function checkEnd(
  place: LogPlace,
  walk: ChainWalk,
  { head, waiting, faults }: { head: ChainHead | null; waiting: ChainRow | null; faults: Faults },
): Promise<void> {
  const arrived = walk.next - 1;
  const isWhole = walk.previousHash !== null;
  if (waiting && waiting.sequence === walk.next && isWhole && waiting.previous_hash !== walk.previousHash)
    faults.add('chain_broken', { sequence: waiting.sequence, eventId: waiting.event_id });
  if (head && arrived === head.sequence && isWhole && walk.previousHash !== head.chainHash)
    faults.add('head_differs', { sequence: head.sequence });
  const ends = await chainEnds(place);
  // Read last: rows may have been recorded meanwhile.
  const now = (await readHead(db(), place.customerId))?.sequence ?? 0;
  if (ends && ends.last > now) faults.add('beyond_head', { sequence: now + 1, to: ends.last });
}

/**
 * Reads the whole log once, page by page. Calls KMS; throws AppError key_service_unavailable, BigQueryUnavailableError. What is on
 * its way to BigQuery while it reads is left for the next time.
 */
export async function verifyLog(
  place: LogPlace,
  { clock = systemClock, onProgress }: { clock?: Clock; onProgress?: (rows: number) => void } = {},
): Promise<VerifiedLog> {
  const { customerId } = place;
  const now = clock();
  const faults = new Faults();
  const head = await readHead(db(), customerId);
  const waiting = await firstWaiting(place);
  const arrived = Math.min(head?.sequence ?? 0, (waiting?.sequence ?? Number.POSITIVE_INFINITY) - 1);
  const checkpoints = await sealedOnes(place, faults);
  for (const { sequence, day } of checkpoints)
    if (sequence > (head?.sequence ?? 0)) faults.add('checkpoint_ahead', { sequence, detail: day });
  const gone = lastGone(checkpoints, now);
  const walk = new ChainWalk({ faults, checkpoints, erasures: await erasuresOf(customerId), gone });
  const check: EventCheck = { place, faults, now };
  const ends = await chainEnds(place);
  walk.begin(Math.min(ends?.first ?? (gone?.sequence ?? 0) + 1, arrived + 1));
  let events = 0;
  for (let first = walk.next; first <= arrived; first += stretchRows) {
    events += await checkStretch(check, walk, first, Math.min(arrived, first + stretchRows - 1));
    onProgress?.(walk.rows);
  }
  walk.end(arrived);
  await checkEnd(place, walk, { head, waiting, faults });
  await checkCounts(check);
  const found = faults.list.toSorted((one, other) => (one.sequence ?? 0) - (other.sequence ?? 0));
  return {
    customerId,
    rows: walk.rows,
    events,
    head: head?.sequence ?? 0,
    arrived,
    checkpoints: checkpoints.length,
    faults: found,
    faultCount: faults.count,
  };
}
