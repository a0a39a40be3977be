/** Takes what was sent to POST /v1/traces for what its key may write: AI usage, the agent log, or both. */
import { type TakenSpans, takeSpans } from '@/lib/domains/agent-log/collect/spans/take-spans';
import type { SentTraces, TakenTraces } from '@/lib/domains/traces/collect/normalize-body';
import type { TraceNames } from '@/lib/domains/traces/collect/span-names';
import { takeTraces } from '@/lib/domains/traces/collect/take-traces';
import { namesOfRequest } from '@/lib/domains/traces/collect/trace-owners';
import { traceProblems } from '@/lib/domains/traces/rules';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, type CustomerCtx, may } from '@/lib/kernel/ctx';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

export type TracesDoor = {
  /** Resolves once the entry of AI traces is durable. */
  append: (entry: NewEntry) => Promise<unknown>;
  /** The same of the agent log. */
  appendToAgentLog: (entry: NewEntry) => Promise<unknown>;
};

/** A request after it was read: for whom, what, and the repository of records that name none. */
export type ReadRequest = { ctx: CustomerCtx; sent: SentTraces; repo: string | undefined };

/** What became of spans, as exporters hear of it. */
export type SpanOutcome = {
  refused: { index: number; field: string; message: string }[];
  refusedCount: number;
  ignored: number;
};

export type Outcome = { form: 'records'; taken: TakenTraces } | { form: 'otlp'; outcome: SpanOutcome };

const ofTraces = ({ refused, refusedCount, ignored }: TakenTraces): SpanOutcome => ({
  refused: refused.map(({ index, code, field }) => ({ index, field, message: traceProblems[code] })),
  refusedCount,
  ignored,
});

/** Of a request to a model the refusal is AI usage's to say; a span is passed over where neither wants it. */
function ofBoth(traces: TakenTraces, spans: TakenSpans): SpanOutcome {
  const { refused, refusedCount, ignored } = ofTraces(traces);
  const tools = spans.refused.filter(({ isTool }) => isTool);
  return {
    refused: [...refused, ...tools].sort((one, other) => one.index - other.index),
    refusedCount: refusedCount + tools.length,
    ignored: ignored - spans.tools,
  };
}

/** Whose the traces of the request are, once for AI usage and the agent log; null for records. Throws what Postgres throws while it is away. */
const namesOf = async ({ ctx, sent }: ReadRequest): Promise<TraceNames | null> =>
  sent.form === 'otlp' ? namesOfRequest(ctx.customerId, sent.spans, ctx.clock()) : null;

/** A key that may only write the agent log: its requests to models are messages there, and no AI usage. */
async function takeForAgentLog(door: TracesDoor, own: Ctx, read: () => Promise<ReadRequest>): Promise<Outcome> {
  const { refused, ignored } = await takeSpans.onceAllowed(own, async () => {
    const request = await read();
    const { ctx, sent } = request;
    if (sent.form !== 'otlp') await authorise(own, takeTraces.permission, takeTraces.operationName);
    const spans = sent.form === 'otlp' ? sent.spans : [];
    const names = (await namesOf(request)) ?? new Map();
    return { ctx, raw: {}, args: [{ spans, names, append: door.appendToAgentLog }] };
  });
  return { form: 'otlp', outcome: { refused, refusedCount: refused.length, ignored } };
}

/** Resolves once all of it is durable. Throws AppError insufficient_scope where the key may write none of what was sent. */
export async function takeSent(door: TracesDoor, own: Ctx, read: () => Promise<ReadRequest>): Promise<Outcome> {
  const mayLog = may(own, 'agent-log:write');
  if (mayLog && !may(own, 'traces:write')) return takeForAgentLog(door, own, read);
  const asked: { request?: ReadRequest; names?: TraceNames | null } = {};
  const taken = await takeTraces.onceAllowed(own, async () => {
    asked.request = await read();
    const { ctx, sent, repo } = asked.request;
    asked.names = await namesOf(asked.request);
    return { ctx, raw: { repo }, args: [{ sent, names: asked.names, append: door.append }] };
  });
  if (asked.request?.sent.form !== 'otlp') return { form: 'records', taken };
  const { ctx, sent } = asked.request;
  if (!mayLog) return { form: 'otlp', outcome: ofTraces(taken) };
  const names = asked.names ?? new Map();
  const spans = await takeSpans(ctx, {}, { spans: sent.spans, names, append: door.appendToAgentLog });
  return { form: 'otlp', outcome: ofBoth(taken, spans) };
}
