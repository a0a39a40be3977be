/** What was said in a span: arguments, results and messages, which only sources that opted in put there. */
import type { JsonValue } from '@/lib/domains/agent-log/events';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import type { Attributes, OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { maxJsonDepth, storableStart } from '@/lib/kernel/storable';

const argumentNames = [
  'gen_ai.tool.call.arguments',
  'ai.toolCall.args',
  'ai.toolCall.input',
  'traceloop.entity.input',
  'input.value',
];
const resultNames = [
  'gen_ai.tool.call.result',
  'ai.toolCall.result',
  'ai.toolCall.output',
  'traceloop.entity.output',
  'output.value',
];
const inputNames = ['gen_ai.input.messages', 'ai.prompt.messages'];
const outputNames = ['gen_ai.output.messages', 'ai.response.text', 'ai.response.toolCalls'];

const isText = (value: unknown): value is string => typeof value === 'string';

/** Attributes of the span and of the event in which some put its messages. */
const attributesOf = ({ attributes, events }: OtlpSpan): Attributes => {
  const details = events.find(({ name }) => name === 'gen_ai.client.inference.operation.details');
  return details ? { ...details.attributes, ...attributes } : attributes;
};

/** JSON that was written as text is JSON again. */
function parsed(value: unknown): unknown {
  if (!isText(value) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const cleanText = (text: string): string => storableStart(text, text.length);

/** The same value as every store can keep it; what lies deeper than it keeps is null. */
function keepable(value: unknown, levels: number): JsonValue {
  if (isText(value)) return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || levels === 0) return null;
  if (Array.isArray(value)) return value.map(item => keepable(item, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [cleanText(name), keepable(item, levels - 1)]));
}

/** Of two parts each has half of what content may have; a longer one is its beginning, of at most six bytes a sign. */
const partBytes = agentSizes.contentBytes / 2 - 1_024;
const cutSigns = Math.floor(partBytes / 6);

function part(value: unknown): JsonValue {
  const kept = keepable(parsed(value), maxJsonDepth - 2);
  const text = JSON.stringify(kept);
  if (Buffer.byteLength(text) <= partBytes) return kept;
  return `${storableStart(isText(kept) ? kept : text, cutSigns)}…`;
}

function first(attributes: Attributes, names: readonly string[]): JsonValue {
  const name = names.find(one => attributes[one] !== undefined && attributes[one] !== null && attributes[one] !== '');
  return name === undefined ? null : part(attributes[name]);
}

/** Arguments of a tool's call; null where the span has none. */
export const toolArguments = (span: OtlpSpan): JsonValue => first(attributesOf(span), argumentNames);
/** Its result. */
export const toolResult = (span: OtlpSpan): JsonValue => first(attributesOf(span), resultNames);

const numbered: readonly { pattern: RegExp; role: (at: string) => string }[] = [
  { pattern: /^gen_ai\.(?:prompt|completion)\.(\d+)\.content$/, role: at => at.replace(/content$/, 'role') },
  {
    pattern: /^llm\.(?:input|output)_messages\.(\d+)\.message\.content$/,
    role: at => at.replace(/content$/, 'role'),
  },
];

/** The last message of one side where each has an attribute of its own; of the input only what a user said. */
function lastNumbered(attributes: Attributes, side: 'input' | 'output'): JsonValue {
  const start =
    side === 'input' ? /^(?:gen_ai\.prompt|llm\.input_messages)\./ : /^(?:gen_ai\.completion|llm\.output_messages)\./;
  let found: { number: number; value: unknown } | null = null;
  for (const name in attributes) {
    if (!start.test(name)) continue;
    for (const { pattern, role } of numbered) {
      const number = Number(pattern.exec(name)?.[1] ?? -1);
      const isOther = side === 'input' && attributes[role(name)] !== undefined && attributes[role(name)] !== 'user';
      if (number >= 0 && !isOther && (!found || number > found.number)) found = { number, value: attributes[name] };
    }
  }
  return found ? part(found.value) : null;
}

const isUser = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'role' in message && message.role === 'user';

/** What the user said last: of a model's input, which repeats the whole conversation, nothing else is kept. */
function userInput(attributes: Attributes): JsonValue {
  for (const name of inputNames) {
    const messages = parsed(attributes[name]);
    if (Array.isArray(messages)) return part(messages.findLast(isUser) ?? null);
    if (isText(messages)) return part(messages);
  }
  return lastNumbered(attributes, 'input') ?? first(attributes, ['input.value']);
}

/** The user's last message and the model's answer; null where the span has neither. */
export function messageContent(span: OtlpSpan): JsonValue {
  const attributes = attributesOf(span);
  const input = userInput(attributes);
  const output =
    first(attributes, outputNames) ?? lastNumbered(attributes, 'output') ?? first(attributes, ['output.value']);
  if (input === null && output === null) return null;
  return { ...(input === null ? {} : { input }), ...(output === null ? {} : { output }) };
}
