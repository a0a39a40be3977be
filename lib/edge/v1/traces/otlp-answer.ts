/** What exporters of OpenTelemetry read: ExportTraceServiceResponse, and google.rpc.Status where it failed, in the request's encoding. */
import { Writer } from 'protobufjs/minimal.js';
import { type EdgeAnswer, jsonAnswer } from '@/lib/edge/http/message';
import type { SpanOutcome } from '@/lib/edge/v1/traces/take-sent';

/** Numbers of the fields: ExportTraceServiceResponse.partial_success, ExportTracePartialSuccess, Status. */
const fields = { partialSuccess: 1, rejectedSpans: 1, errorMessage: 2, statusMessage: 2 } as const;
const [wholeNumber, lengthDelimited] = [0, 2];
const tag = (field: number, wire: number): number => (field << 3) | wire;

/** Spans that an exporter's log names. */
const namedSpans = 5;

const said = ({ index, field, message }: SpanOutcome['refused'][number]): string =>
  `span ${index}${field === '' ? '' : `, ${field}`}: ${message}`;

const messageOf = ({ refused }: SpanOutcome): string => refused.slice(0, namedSpans).map(said).join(' ');

const bytesOf = (writer: Writer): Uint8Array<ArrayBuffer> => Uint8Array.from(writer.finish());

/** The same answer with a body of protobuf in the place of its own. */
const asProtobuf = (answer: EdgeAnswer, writer: Writer): EdgeAnswer => ({
  ...answer,
  headers: { ...answer.headers, 'content-type': 'application/x-protobuf' },
  body: bytesOf(writer),
});

/** 200 in JSON, and in `ignoredSpans`, which exporters pass over, how many spans are neither requests to a model nor calls of a tool. */
export function jsonSuccess(taken: SpanOutcome, headers: Record<string, string>): EdgeAnswer {
  const rejected = { rejectedSpans: String(taken.refusedCount), errorMessage: messageOf(taken) };
  const partialSuccess = taken.refusedCount > 0 ? { partialSuccess: rejected } : {};
  return jsonAnswer(200, { ...partialSuccess, ...(taken.ignored > 0 ? { ignoredSpans: taken.ignored } : {}) }, headers);
}

/** 200 in protobuf; empty where no span was refused. */
export function protobufSuccess(taken: SpanOutcome, headers: Record<string, string>): EdgeAnswer {
  const writer = new Writer();
  if (taken.refusedCount > 0)
    writer
      .uint32(tag(fields.partialSuccess, lengthDelimited))
      .fork()
      .uint32(tag(fields.rejectedSpans, wholeNumber))
      .int64(taken.refusedCount)
      .uint32(tag(fields.errorMessage, lengthDelimited))
      .string(messageOf(taken))
      .ldelim();
  return asProtobuf(jsonAnswer(200, '', headers), writer);
}

/** A refusal as the Status that exporters ask for; its HTTP status and headers stay. */
export function protobufFailure(problem: EdgeAnswer, message: string): EdgeAnswer {
  const writer = new Writer().uint32(tag(fields.statusMessage, lengthDelimited)).string(message);
  return asProtobuf(problem, writer);
}
