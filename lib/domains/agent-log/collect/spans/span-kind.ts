/** Which spans are calls of tools, by the words of OpenTelemetry, OpenInference, OpenLLMetry and the AI SDK, and which are messages. */
import { isModelRequest } from '@/lib/domains/traces/normalize/is-model-request';
import { operationName } from '@/lib/domains/traces/normalize/operation-name';
import type { AttributeValue, OtlpSpan } from '@/lib/domains/traces/otlp/span';

const toolMarks: readonly [attribute: string, word: string][] = [
  ['gen_ai.operation.name', 'execute_tool'],
  ['openinference.span.kind', 'tool'],
  ['traceloop.span.kind', 'tool'],
  ['ai.operationId', 'ai.toolcall'],
];

/** Text of an attribute; null where it has none. */
export const textOf = (value: AttributeValue | undefined): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value : null;

/** The first of these attributes that has a text. */
export function firstText({ attributes }: Pick<OtlpSpan, 'attributes'>, names: readonly string[]): string | null {
  for (const name of names) {
    const text = textOf(attributes[name]);
    if (text !== null) return text;
  }
  return null;
}

/** Requests to models in which nobody says anything. */
const speechless = new Set(['embeddings', 'rerank']);
const operationNames = ['gen_ai.operation.name', 'llm.request.type', 'openinference.span.kind'];

/** What a span is to the agent log; null for what is no part of it, such as an agent's own or a database's. */
export function spanKind(span: OtlpSpan): 'tool' | 'message' | null {
  const isTool = toolMarks.some(([name, word]) => textOf(span.attributes[name])?.toLowerCase() === word);
  if (isTool) return 'tool';
  if (!isModelRequest(span)) return null;
  const operation = operationName(firstText(span, operationNames) ?? '');
  return operation !== null && speechless.has(operation) ? null : 'message';
}
