/** Takes the spans of one request that are calls of tools or messages: as events, masked, and in the log before anybody hears of success. */
import { z } from 'zod';
import { maskEvent } from '@/lib/domains/agent-log/collect/masking/mask-row';
import { type SpanProblem, spanEvents } from '@/lib/domains/agent-log/collect/spans/span-events';
import { spanKind } from '@/lib/domains/agent-log/collect/spans/span-kind';
import { spanOwners } from '@/lib/domains/agent-log/collect/spans/span-owner';
import { agentEntry } from '@/lib/domains/agent-log/collect/take-items';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import { readAgentSettings } from '@/lib/domains/agent-log/settings/agent-settings';
import type { TraceNames } from '@/lib/domains/traces/collect/span-names';
import { modelWrappers } from '@/lib/domains/traces/normalize/model-wrappers';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { keptBook } from '@/lib/domains/traces/process/kept-book';
import { defineOperation } from '@/lib/kernel/operation';
import { inTurns } from '@/lib/warehouse/ingest/in-turns';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

export type SpansRequest = {
  spans: readonly OtlpSpan[];
  names: TraceNames;
  /** Resolves once the entry is durable. */
  append: (entry: NewEntry) => Promise<unknown>;
};

export type RefusedSpan = SpanProblem & { index: number; isTool: boolean };
export type TakenSpans = {
  /** Spans that are calls of tools, those included that were refused. */
  tools: number;
  /** Spans that are no part of the agent log. */
  ignored: number;
  refused: RefusedSpan[];
};

/** Entries of as many events as one request of events has, so that none is larger than consumers expect. */
const entriesOf = (events: readonly ChatEvent[]): ChatEvent[][] =>
  Array.from({ length: Math.ceil(events.length / agentSizes.events) }, (_, index) =>
    events.slice(index * agentSizes.events, (index + 1) * agentSizes.events),
  );

/** What each span is; what is only around a request to a model is no message beside it. */
function kindsOf(spans: readonly OtlpSpan[]): ReturnType<typeof spanKind>[] {
  const wrappers = modelWrappers(spans);
  return spans.map(span => {
    const kind = spanKind(span);
    return kind === 'message' && wrappers.has(span) ? null : kind;
  });
}

/**
 * Spans become events whose ids follow from the span, so that one that is sent again counts once. What is answered of it is
 * durable; throws what the log throws while it is away. Source: docs/architecture.md, Agent log.
 */
export const takeSpans = defineOperation({
  name: 'agent_log.take_spans',
  permission: 'agent-log:write',
  input: z.strictObject({}),
  run: async (ctx, _, { spans, names, append }: SpansRequest): Promise<TakenSpans> => {
    const kinds = kindsOf(spans);
    const taken: TakenSpans = { tools: 0, ignored: kinds.filter(kind => kind === null).length, refused: [] };
    if (taken.ignored === spans.length) return taken;
    const receivedAt = ctx.clock();
    const settings = await readAgentSettings(ctx.customerId);
    const book = kinds.includes('message') ? await keptBook(ctx.customerId) : null;
    const facts = { receivedAt, keepContent: settings.keepSpanContent, book };
    const owners = spanOwners(spans, names);
    const events = new Map<string, ChatEvent>();
    for await (const [index, span] of inTurns(spans.entries())) {
      const isTool = kinds[index] === 'tool';
      if (isTool) taken.tools += 1;
      const found = kinds[index] === null ? null : spanEvents(span, owners[index]!, facts);
      if (found && 'problem' in found) taken.refused.push({ ...found.problem, index, isTool });
      else for (const event of found?.events ?? []) events.set(event.event_id, maskEvent(event, settings));
    }
    await Promise.all(entriesOf([...events.values()]).map(rows => append(agentEntry(ctx, 'events', rows, receivedAt))));
    return taken;
  },
});
