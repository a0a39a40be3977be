/** Reads the body of POST /v1/traces: records as JSON in any of three forms, or spans of OpenTelemetry as protobuf or JSON. */
import { isUtf8 } from 'node:buffer';
import type { SentTraces } from '@/lib/domains/traces/collect/normalize-body';
import { parseRecords } from '@/lib/domains/traces/collect/parse-records';
import { decodeOtlp } from '@/lib/domains/traces/otlp/decode';
import { OtlpError, type OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { traceSizes } from '@/lib/domains/traces/rules';
import { bodyProblem } from '@/lib/edge/http/body-shape';
import { type Compression, inflated } from '@/lib/edge/http/inflate';
import type { EdgeRequest } from '@/lib/edge/http/message';
import type { Room } from '@/lib/edge/v1/traces/body-room';
import { invalidInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

const protobufType = /^application\/(?:x-)?protobuf\s*(?:;|$)/i;
/** LiteLLM says application/json whatever it sends, so the type of a text decides nothing more. */
const textType =
  /^(?:text\/plain|application\/(?:(?:[a-z0-9.-]+\+)?json|x-ndjson|ndjson|jsonl))\s*(?:;\s*charset="?(?:utf-?8|us-ascii)"?\s*)?;?\s*$/i;
const compressions: Record<string, Compression | null> = {
  identity: null,
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
};

/** What holds a parser alone for too long; a body of 20,000 usual records has less. */
const shapeLimits = { names: 20_000, containers: 600_000 };

/** Whether the caller speaks protobuf, and so reads its answers too. */
export const isProtobuf = ({ headers }: EdgeRequest): boolean => protobufType.test(headers.get('content-type') ?? '');

const tooMany = () => new AppError('body_too_large', `A request has at most ${traceSizes.records} records.`);
const broken = (message: string, cause?: unknown) => new AppError('invalid_json', message, { cause });

/**
 * The bytes of the body as its sender had them before compressing. Throws AppError unsupported_media_type, body_too_large,
 * invalid_json, and slow_down where the process has no room for them.
 */
export async function readBytes(request: EdgeRequest, room: Room): Promise<Buffer> {
  const { headers } = request;
  const type = headers.get('content-type') ?? '';
  if (type !== '' && !textType.test(type) && !protobufType.test(type))
    throw new AppError('unsupported_media_type', 'Send application/json in UTF-8, or application/x-protobuf.');
  const by = compressions[headers.get('content-encoding')?.trim().toLowerCase() || 'identity'];
  if (by === undefined)
    throw new AppError('unsupported_media_type', 'Send the body plain, or with content-encoding gzip or deflate.');
  const sent = await request.readBody({ maxBytes: traceSizes.bodyBytes, onPart: room.take });
  if (by === null) return sent;
  const plain = await inflated(sent, by, traceSizes.plainBytes);
  room.take(plain.length);
  return plain;
}

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
  if (bytes.length === 0) throw broken('This call needs a body.');
  if (!isUtf8(bytes)) throw broken('The body is not UTF-8.');
  const tooWide = bodyProblem(bytes, shapeLimits);
  if (tooWide) throw invalidInput([{ path: '', message: tooWide }]);
  if (otlpStart.test(bytes.toString('latin1', 0, headBytes))) return decoded(bytes, 'json');
  const records = parseRecords(bytes.toString('utf8').replace(/^\ufeff/, ''));
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
