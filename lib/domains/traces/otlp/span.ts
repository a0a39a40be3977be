/** A span of OpenTelemetry after it was decoded, whichever encoding it came in. */

export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [name: string]: AttributeValue };
export type Attributes = Record<string, AttributeValue>;

export type OtlpSpan = {
  /** 32 hexadecimal digits, the two below 16; '' where none was sent. */
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** Milliseconds since 1970, exact to the microsecond; 0 where none was sent. */
  startMs: number;
  endMs: number;
  /** 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string };
  attributes: Attributes;
  resource: Attributes;
  events: { name: string; attributes: Attributes }[];
};

export const newSpan = (resource: Attributes): OtlpSpan => ({
  traceId: '',
  spanId: '',
  parentSpanId: '',
  name: '',
  startMs: 0,
  endMs: 0,
  status: { code: 0, message: '' },
  attributes: {},
  resource,
  events: [],
});

/** Most that is kept of a request. What is beyond is skipped; beyond the spans the request is refused. */
export const otlpSizes = { spans: 20_000, attributes: 1_000, events: 100, items: 1_000, levels: 8 } as const;

/** Whether an attribute may have that name: as an object's, this one would change what the object is. */
export const isKeptName = (name: string): boolean => name !== '__proto__';

/** A body that is no request of OTLP, or one with more spans than are taken at once. */
export class OtlpError extends Error {
  constructor(readonly reason: 'unreadable' | 'too_many_spans') {
    super(reason === 'unreadable' ? 'The body is no OTLP request for traces.' : 'The request has too many spans.');
  }
}

/** Adds a span. Throws OtlpError where there are too many. */
export function addSpan(spans: OtlpSpan[], span: OtlpSpan): void {
  if (spans.length === otlpSizes.spans) throw new OtlpError('too_many_spans');
  spans.push(span);
}
