/** Which spans are requests to a model: of an agent's spans only those where tokens are used, so that none is counted twice. */
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';

/** `gen_ai.operation.name`, `llm.request.type` and `openinference.span.kind` of requests, in small letters. */
const requests = new Set([
  'chat',
  'completion',
  'text_completion',
  'generate_content',
  'responses',
  'embeddings',
  'embedding',
  'llm',
  'rerank',
  'reranker',
]);

const kindNames = ['gen_ai.operation.name', 'llm.request.type', 'openinference.span.kind'];
/** Wrappers by OpenLLMetry: workflow, task, agent, tool. */
const wrapperName = 'traceloop.span.kind';
const modelNames = ['gen_ai.request.model', 'gen_ai.response.model'];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Whether a span says what it does. */
export const namesOperation = ({ attributes }: OtlpSpan): boolean => kindNames.some(name => isText(attributes[name]));

/** By the first word it has for what it is; without one, a span that names a model by the conventions and wraps no others. */
export function isModelRequest({ attributes }: OtlpSpan): boolean {
  for (const name of kindNames) {
    const kind = attributes[name];
    if (isText(kind)) return requests.has(kind.toLowerCase());
  }
  return attributes[wrapperName] === undefined && modelNames.some(name => isText(attributes[name]));
}
