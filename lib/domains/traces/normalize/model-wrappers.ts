/** Spans around a request to a model that look like one: counting both would count its tokens twice. Source: docs/traces.md, What is taken. */
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';
import { isModelRequest, namesOperation } from '@/lib/domains/traces/normalize/is-model-request';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';

const { places } = spanForm;

/** Names of the models of a span, without a provider in front. */
const modelsOf = ({ attributes }: OtlpSpan): string[] =>
  places.model.flatMap(({ name }) => {
    const model = attributes[name];
    return typeof model === 'string' && model !== '' ? [model.slice(model.lastIndexOf('/') + 1)] : [];
  });

const sharesModel = (one: OtlpSpan, other: OtlpSpan): boolean => {
  const models = modelsOf(other);
  return modelsOf(one).some(model => models.includes(model));
};

const hasTokens = ({ attributes }: OtlpSpan): boolean =>
  [...places.tokens_in, ...places.tokens_out].some(({ name }) => attributes[name] !== undefined);

/** Whether the request of `child` is that of `parent`, of which nothing is lost where the child alone counts. */
const isSame = (child: OtlpSpan, parent: OtlpSpan): boolean =>
  isModelRequest(child) && sharesModel(child, parent) && (hasTokens(child) || !hasTokens(parent));

const place = (traceId: string, spanId: string): string => `${traceId}\n${spanId}`;

/**
 * The spans of a request that name a model and not what they do, and have a child in the same request that asks the same model:
 * as Google's agents, whose `call_llm` has the tokens of its `generate_content` once more.
 */
export function modelWrappers(spans: readonly OtlpSpan[]): ReadonlySet<OtlpSpan> {
  const parents = new Map<string, OtlpSpan>();
  for (const span of spans)
    if (span.spanId !== '' && !namesOperation(span) && isModelRequest(span))
      parents.set(place(span.traceId, span.spanId), span);
  const wrappers = new Set<OtlpSpan>();
  if (parents.size === 0) return wrappers;
  for (const span of spans) {
    const parent = parents.get(place(span.traceId, span.parentSpanId));
    if (parent && parent !== span && isSame(span, parent)) wrappers.add(parent);
  }
  return wrappers;
}
