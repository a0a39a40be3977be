/** OTLP's JSON: names in camelCase as specified or as in the schema, ids as hexadecimal digits, 64 bits as text or number. */
import {
  type Attributes,
  type AttributeValue,
  addSpan,
  isKeptName,
  newSpan,
  OtlpError,
  type OtlpSpan,
  otlpSizes,
} from '@/lib/domains/traces/otlp/span';

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A message; none is an empty one. Throws OtlpError where it is something else. */
function messageOf(value: unknown): Json {
  if (value === undefined || value === null) return {};
  if (!isJson(value)) throw new OtlpError('unreadable');
  return value;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new OtlpError('unreadable');
  return value;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Some programs write ids in capitals. */
const idOf = (value: unknown): string => textOf(value).toLowerCase();

/** Milliseconds of nanoseconds as digits or as a number, which is exact to 256 of them; 0 where there is none. */
function msOf(value: unknown): number {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return Number(BigInt(value) / 1_000n) / 1_000;
  return typeof value === 'number' && value > 0 ? Math.floor(value / 1_000) / 1_000 : 0;
}

const statusCodes: Readonly<Record<string, number>> = { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 };

function statusOf(value: unknown): OtlpSpan['status'] {
  const { code, message } = messageOf(value);
  const number = typeof code === 'string' && Object.hasOwn(statusCodes, code) ? statusCodes[code]! : code;
  return { code: typeof number === 'number' ? number : 0, message: textOf(message) };
}

/** A number that is written as a number or as text. */
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : null;

function scalarOf(value: Json): AttributeValue | undefined {
  const text = value.stringValue ?? value.string_value ?? value.bytesValue ?? value.bytes_value;
  if (typeof text === 'string') return text;
  const flag = value.boolValue ?? value.bool_value;
  if (typeof flag === 'boolean') return flag;
  const number = value.intValue ?? value.int_value ?? value.doubleValue ?? value.double_value;
  return number === undefined ? undefined : numberOf(number);
}

function anyValueOf(value: unknown, level: number): AttributeValue {
  const any = messageOf(value);
  const scalar = scalarOf(any);
  if (scalar !== undefined) return scalar;
  if (level === otlpSizes.levels) return null;
  const list = any.arrayValue ?? any.array_value;
  if (list !== undefined) {
    const items = listOf(messageOf(list).values).slice(0, otlpSizes.items);
    return items.map(item => anyValueOf(item, level + 1));
  }
  const map = any.kvlistValue ?? any.kvlist_value;
  return map === undefined ? null : attributesOf(messageOf(map).values, level + 1);
}

function attributesOf(value: unknown, level = 0): Attributes {
  const attributes: Attributes = {};
  for (const item of listOf(value).slice(0, otlpSizes.attributes)) {
    const { key, value: sent } = messageOf(item);
    const name = textOf(key);
    if (isKeptName(name)) attributes[name] = anyValueOf(sent, level);
  }
  return attributes;
}

const eventOf = (value: unknown): OtlpSpan['events'][number] => {
  const { name, attributes } = messageOf(value);
  return { name: textOf(name), attributes: attributesOf(attributes) };
};

function spanOf(value: unknown, resource: Attributes): OtlpSpan {
  const sent = messageOf(value);
  return {
    ...newSpan(resource),
    traceId: idOf(sent.traceId ?? sent.trace_id),
    spanId: idOf(sent.spanId ?? sent.span_id),
    parentSpanId: idOf(sent.parentSpanId ?? sent.parent_span_id),
    name: textOf(sent.name),
    startMs: msOf(sent.startTimeUnixNano ?? sent.start_time_unix_nano),
    endMs: msOf(sent.endTimeUnixNano ?? sent.end_time_unix_nano),
    status: statusOf(sent.status),
    attributes: attributesOf(sent.attributes),
    events: listOf(sent.events).slice(0, otlpSizes.events).map(eventOf),
  };
}

/** The lists of spans of one resource; before scopes were called so, a library stood in their place. */
const scopesOf = (sent: Json): readonly unknown[] =>
  listOf(sent.scopeSpans ?? sent.scope_spans ?? sent.instrumentationLibrarySpans);

/** The spans of an ExportTraceServiceRequest that is parsed already. Throws OtlpError. */
export function spansOfJson(body: unknown): OtlpSpan[] {
  const request = messageOf(body);
  const spans: OtlpSpan[] = [];
  for (const item of listOf(request.resourceSpans ?? request.resource_spans)) {
    const sent = messageOf(item);
    const resource = attributesOf(messageOf(sent.resource).attributes);
    for (const scope of scopesOf(sent)) {
      for (const span of listOf(messageOf(scope).spans)) addSpan(spans, spanOf(span, resource));
    }
  }
  return spans;
}
