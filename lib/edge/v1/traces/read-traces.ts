/** Reads the body of POST /v1/traces: records as JSON in any of three forms, or spans of OpenTelemetry as protobuf or JSON. */
import type { SentTraces } from '@/lib/domains/traces/collect/normalize-body';
import { parseRecords } from '@/lib/domains/traces/collect/parse-records';
import { decodeOtlp } from '@/lib/domains/traces/otlp/decode';
import { OtlpError, type OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { traceSizes } from '@/lib/domains/traces/rules';
import type { EdgeRequest } from '@/lib/edge/http/message';
import type { Room } from '@/lib/edge/v1/bulk/body-room';
import { type BodyForm, broken, readBytes, requireText, textOf } from '@/lib/edge/v1/bulk/read-bytes';
import { AppError } from '@/lib/platform/errors';

const protobufType = /^application\/(?:x-)?protobuf\s*(?:;|$)/i;

const form: BodyForm = {
  bodyBytes: traceSizes.bodyBytes,
  plainBytes: traceSizes.plainBytes,
  otherType: protobufType,
  wanted: 'Send application/json in UTF-8, or application/x-protobuf.',
};

/** Whether the caller speaks protobuf, and so reads its answers too. */
export const isProtobuf = ({ headers }: EdgeRequest): boolean => protobufType.test(headers.get('content-type') ?? '');

const tooMany = () => new AppError('body_too_large', `A request has at most ${traceSizes.records} records.`);
/** The bytes of the body as its sender had them before compressing. Throws as readBytes of lib/edge/v1/bulk does. */
export const readTraceBytes = (request: EdgeRequest, room: Room): Promise<Buffer> => readBytes(request, room, form);

function decoded(bytes: Buffer, encoding: 'protobuf' | 'json'): SentTraces {
  let spans: OtlpSpan[];
  try {
    spans = decodeOtlp(bytes, encoding);
  } catch (error) {
    if (error instanceof OtlpError && error.reason === 'too_many_spans') throw tooMany();
    throw broken(`The body is no request of OpenTelemetry’s exporters in ${encoding}.`, error);
  }
  return { form: 'otlp', spans };
}

/** As exporters write it, so that their bodies are not parsed twice. */
const otlpStart = /^\s*\{\s*"resource_?[Ss]pans"\s*:/;
const isOtlp = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('resourceSpans' in value || 'resource_spans' in value);
const headBytes = 100;

function sentText(bytes: Buffer): SentTraces {
  requireText(bytes);
  if (otlpStart.test(bytes.toString('latin1', 0, headBytes))) return decoded(bytes, 'json');
  const records = parseRecords(textOf(bytes));
  if (!records) throw broken('The body is neither a JSON array, nor an object, nor an object a line.');
  const [only] = records;
  if (records.length === 1 && only && 'value' in only && isOtlp(only.value)) return decoded(bytes, 'json');
  return { form: 'records', records };
}

/** What was sent, told apart by its type and its text. Throws AppError invalid_json, invalid_input, body_too_large. */
export function sentTraces(request: EdgeRequest, bytes: Buffer): SentTraces {
  const sent = isProtobuf(request) ? decoded(bytes, 'protobuf') : sentText(bytes);
  if (sent.form === 'records' && sent.records.length > traceSizes.records) throw tooMany();
  return sent;
}
