/** Requests of OTLP's exporters, in both their encodings, as spans. */
import { spansOfJson } from '@/lib/domains/traces/otlp/decode-json';
import { decodeProtobuf } from '@/lib/domains/traces/otlp/decode-protobuf';
import { OtlpError, type OtlpSpan } from '@/lib/domains/traces/otlp/span';

/**
 * The spans of a request's body (ExportTraceServiceRequest), unpacked already. Fields it does not know are ignored. Throws OtlpError:
 * `unreadable` where the body is no such request, `too_many_spans` where it has more than 20,000.
 */
export function decodeOtlp(bytes: Buffer, encoding: 'protobuf' | 'json'): OtlpSpan[] {
  try {
    return encoding === 'protobuf' ? decodeProtobuf(bytes) : spansOfJson(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    if (error instanceof OtlpError) throw error;
    throw new OtlpError('unreadable');
  }
}
