/** Events of a session as rows of the shared timeline: a call of a tool is one row from its start to its end. */
import type { ReactNode } from 'react';
import { formatCount, formatDollars, formatInstant, formatPlural } from '@/app/_ui/format';
import type { Status } from '@/app/_ui/status';
import type { TimelineRow } from '@/app/_ui/timeline';
import { EventJson } from '@/app/(portal)/agent-log/_parts/event-json';
import { bytesWords, toolWords } from '@/app/(portal)/agent-log/_parts/log-words';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { WrittenText } from '@/app/(portal)/runs/_parts/json-text';
import type { SessionEvent } from '@/lib/domains/agent-log/sessions/session-events';
import { mayRun } from '@/lib/domains/agent-log/tools/running-tools';

/** An event, and for the start of a call its end where both stand on the page. */
export type ShownEvent = { event: SessionEvent; end: SessionEvent | null };

const callKey = ({ execution_id, event_id }: SessionEvent): string => execution_id ?? event_id;

/** The events in their order; the end of a call goes into the row of its start where that is among them. */
export function shownEvents(events: readonly SessionEvent[]): ShownEvent[] {
  const starts = new Set(events.filter(({ event_type }) => event_type === 'tool_start').map(callKey));
  const ends = new Map(events.filter(({ event_type }) => event_type === 'tool_end').map(end => [callKey(end), end]));
  return events.flatMap(event => {
    if (event.event_type === 'tool_end' && starts.has(callKey(event))) return [];
    const end = event.event_type === 'tool_start' ? (ends.get(callKey(event)) ?? null) : null;
    return [{ event, end }];
  });
}

/** How the event stands; `now` tells a call that runs from one of which no end was reported. */
export function eventStatus({ event_type, status, started_at, ended_at }: SessionEvent, now: Date): Status {
  if (event_type === 'message_sent') return 'message';
  if (event_type === 'error') return 'agent_error';
  if (!ended_at) return mayRun(started_at ?? now, now) ? 'running' : 'no_end';
  return status === 'failure' ? 'failed' : 'succeeded';
}

/** Whether it is something to look at first. */
export const isFailure = ({ event }: ShownEvent): boolean =>
  event.event_type === 'error' || (event.event_type !== 'message_sent' && event.status === 'failure');

/** "bq_query", "Message", "Error in bq_query". */
export function eventName({ event_type, tool_name }: SessionEvent): string {
  if (event_type === 'message_sent') return 'Message';
  if (event_type === 'error') return tool_name ? `Error in ${tool_name}` : 'Error';
  return toolWords(tool_name ?? '');
}

type Known = { model?: unknown; tokens_in?: unknown; tokens_out?: unknown; cost_usd?: unknown; latency_ms?: unknown };
const metadataOf = ({ metadata }: SessionEvent): Known => (metadata === null ? {} : (JSON.parse(metadata) as Known));
/** A request that says it took longer would leave nothing to see of the others. */
const dayMs = 86_400_000;
const amount = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What stands beside the bar: billed bytes, tokens, cost, or that the start is missing. */
function noteOf(event: SessionEvent): string | undefined {
  if (event.event_type === 'tool_end' && !event.started_at) return 'no start was reported';
  if (event.event_type === 'tool_end') return 'its start is on an earlier page';
  const known = metadataOf(event);
  const tokens = amount(known.tokens_in) + amount(known.tokens_out);
  const told = [
    typeof known.model === 'string' ? known.model : '',
    tokens > 0 ? formatPlural(tokens, 'token') : '',
    typeof known.cost_usd === 'number' ? formatDollars(known.cost_usd) : '',
    event.bytes_billed ? `${bytesWords(event.bytes_billed)} billed` : '',
  ];
  return told.filter(Boolean).join(' · ') || undefined;
}

function facts({ event, end }: ShownEvent): [string, ReactNode][] {
  const isCall = event.event_type !== 'message_sent' && event.event_type !== 'error';
  return [
    ['Time', formatInstant(event.event_timestamp)],
    ['Ended', isCall && event.ended_at ? formatInstant(event.ended_at) : null],
    ['User', event.user_id],
    ['Execution', isCall ? <code key="execution">{event.execution_id}</code> : null],
    ['Bytes billed', event.bytes_billed === null ? null : formatCount(event.bytes_billed)],
    ['Event', <code key="event">{event.event_id}</code>],
    ['Event of the end', end && <code key="end">{end.event_id}</code>],
  ];
}

const detailOf = (shown: ShownEvent): ReactNode => (
  <>
    {shown.event.error_message && <WrittenText label="Error" text={shown.event.error_message} />}
    <Facts facts={facts(shown)} />
    <EventJson event={shown.event} title={shown.end ? 'Arguments' : 'Content'} />
    {shown.end && <EventJson event={shown.end} title="Result" />}
  </>
);

type Length = { atMs: number; durationMs: number | null; hasLength: boolean };

/** From where to where the event's bar goes: a message is told when it ended, and may say how long its request took. */
function lengthOf(event: SessionEvent): Length {
  const atMs = event.event_timestamp.getTime();
  if (event.event_type === 'tool_start')
    return { atMs, durationMs: event.ended_at && Math.max(0, event.ended_at.getTime() - atMs), hasLength: true };
  const tookMs = event.event_type === 'message_sent' ? Math.min(amount(metadataOf(event).latency_ms), dayMs) : 0;
  return { atMs: atMs - tookMs, durationMs: tookMs, hasLength: tookMs > 0 };
}

/** Rows in the order of time; those that failed and calls without an end are open. */
export function eventRows(shown: readonly ShownEvent[], now: Date): TimelineRow[] {
  const lengths = shown.map(({ event }) => lengthOf(event));
  const startMs = lengths.reduce((first, { atMs }) => Math.min(first, atMs), Number.POSITIVE_INFINITY);
  return shown.map(({ event, end }, index) => {
    const { atMs, durationMs, hasLength } = lengths[index] ?? lengthOf(event);
    const status = eventStatus(event, now);
    return {
      id: event.event_id,
      place: String(index + 1),
      name: eventName(event),
      status,
      startMs: atMs - startMs,
      durationMs,
      isInstant: !hasLength,
      note: noteOf(event),
      detail: detailOf({ event, end }),
      open: isFailure({ event, end }),
    };
  });
}
