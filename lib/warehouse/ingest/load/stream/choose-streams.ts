/**
 * Which tables go by streams: busy ones that the budget of load jobs would make wait longer than was asked for, the busiest first,
 * as far as the day's bytes and the service's streams reach. Source: docs/architecture.md, Ingest, Budget.
 */

export type StreamCandidate = {
  key: string;
  rowsPerHour: number;
  rowBytes: number;
  isStreamed: boolean;
  /** Seconds that its rows would wait if all tables went by load jobs. */
  seconds: number;
};

export type StreamAllowance = {
  /** Seconds that rows are to wait. */
  leastSeconds: number;
  bytesPerSecond: number;
};

/** Streams an hour; the service makes 10,000 a project and region. */
const streamsPerHour = 8_000;
/** Times the seconds asked for that load jobs must take before a table changes over, and below which it changes back. */
const late = { enter: 2, leave: 1.25 };
/** Rows within the seconds asked for that make a table busy: of fewer, a stream would carry next to nothing. */
const busyRows = { enter: 10, leave: 5 };
/** A table that is streamed gives its place only to one that is so much busier. */
const seniority = 1.5;

function wantsStream({ rowsPerHour, isStreamed, seconds }: StreamCandidate, leastSeconds: number): boolean {
  const side = isStreamed ? 'leave' : 'enter';
  return seconds >= leastSeconds * late[side] && (rowsPerHour * leastSeconds) / 3_600 >= busyRows[side];
}

/** Keys of the tables that go by streams from now on. */
export function chooseStreams(
  tables: readonly StreamCandidate[],
  { leastSeconds, bytesPerSecond }: StreamAllowance,
): Set<string> {
  const rank = ({ rowsPerHour, isStreamed }: StreamCandidate) => rowsPerHour * (isStreamed ? seniority : 1);
  const wanting = tables
    .filter(table => wantsStream(table, leastSeconds))
    .sort((one, other) => rank(other) - rank(one));
  const chosen = new Set<string>();
  let [bytes, streams] = [0, 0];
  for (const { key, rowsPerHour, rowBytes } of wanting) {
    const [moreBytes, moreStreams] = [(rowsPerHour * rowBytes) / 3_600, 3_600 / leastSeconds];
    if (bytes + moreBytes > bytesPerSecond || streams + moreStreams > streamsPerHour) continue;
    chosen.add(key);
    bytes += moreBytes;
    streams += moreStreams;
  }
  return chosen;
}

const dayMs = 86_400_000;

/** What is left of a day's bytes, spread over what is left of the UTC day. */
export const bytesPerSecond = (now: Date, left: number): number =>
  Math.max(0, left) / Math.max(60, (dayMs - (now.getTime() % dayMs)) / 1_000);
