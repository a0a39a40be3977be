/** OTLP's protobuf, read field by field: of its messages only what a span is made of. */
import { Reader } from 'protobufjs/minimal.js';
import {
  type Attributes,
  type AttributeValue,
  addSpan,
  isKeptName,
  newSpan,
  type OtlpSpan,
  otlpSizes,
} from '@/lib/domains/traces/otlp/span';

/** Tag of a field: its number and how its value is written. */
const [asVarint, asEightBytes, asLength] = [0, 1, 2];
const varint = (field: number): number => (field << 3) | asVarint;
const eightBytes = (field: number): number => (field << 3) | asEightBytes;
const sized = (field: number): number => (field << 3) | asLength;

/** Where the message that begins here ends. */
function endOfMessage(reader: Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('a message is longer than its body');
  return end;
}

/** Reads a message field by field; what `read` does not know is skipped. */
function readFields(reader: Reader, end: number, read: (tag: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!read(tag)) reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new RangeError('a field is longer than its message');
}

/** Milliseconds of 64 bits of nanoseconds, exact to the microsecond: 2^32 is 4294967 * 1000 + 296. */
function readMs(reader: Reader): number {
  const low = reader.fixed32();
  const high = reader.fixed32();
  return (high * 4_294_967 + Math.floor((high * 296 + low) / 1_000)) / 1_000;
}

function readHex(reader: Reader): string {
  const bytes = reader.bytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

function readWhole(reader: Reader): number {
  const { high, low } = reader.int64();
  return high * 2 ** 32 + (low >>> 0);
}

const item = sized(1);
const valueTags = {
  text: sized(1),
  flag: varint(2),
  whole: varint(3),
  double: eightBytes(4),
  list: sized(5),
  map: sized(6),
};

function readList(reader: Reader, level: number): AttributeValue[] {
  const items: AttributeValue[] = [];
  readFields(reader, endOfMessage(reader), tag => {
    if (tag !== item || items.length === otlpSizes.items) return false;
    items.push(readValue(reader, level));
    return true;
  });
  return items;
}

function readMap(reader: Reader, level: number): Attributes {
  const map: Attributes = {};
  let count = 0;
  readFields(reader, endOfMessage(reader), tag => {
    count += 1;
    if (tag !== item || count > otlpSizes.attributes) return false;
    readAttribute(reader, map, level);
    return true;
  });
  return map;
}

function readValue(reader: Reader, level: number): AttributeValue {
  let value: AttributeValue = null;
  const end = endOfMessage(reader);
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === valueTags.text) value = reader.string();
    else if (tag === valueTags.whole) value = readWhole(reader);
    else if (tag === valueTags.double) value = reader.double();
    else if (tag === valueTags.flag) value = reader.bool();
    else if (tag === valueTags.list && level < otlpSizes.levels) value = readList(reader, level + 1);
    else if (tag === valueTags.map && level < otlpSizes.levels) value = readMap(reader, level + 1);
    else reader.skipType(tag & 7);
  }
  return value;
}

const pairTags = { key: sized(1), value: sized(2) };

function readAttribute(reader: Reader, into: Attributes, level: number): void {
  let key = '';
  let value: AttributeValue = null;
  const end = endOfMessage(reader);
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === pairTags.key) key = reader.string();
    else if (tag === pairTags.value) value = readValue(reader, level);
    else reader.skipType(tag & 7);
  }
  if (isKeptName(key)) into[key] = value;
}

const statusTags = { message: sized(2), code: varint(3) };

function readStatus(reader: Reader): OtlpSpan['status'] {
  const status = { code: 0, message: '' };
  readFields(reader, endOfMessage(reader), tag => {
    if (tag === statusTags.message) status.message = reader.string();
    else if (tag === statusTags.code) status.code = reader.int32();
    else return false;
    return true;
  });
  return status;
}

const eventTags = { name: sized(2), attribute: sized(3) };

function readEvent(reader: Reader): OtlpSpan['events'][number] {
  const event: OtlpSpan['events'][number] = { name: '', attributes: {} };
  let count = 0;
  readFields(reader, endOfMessage(reader), tag => {
    if (tag === eventTags.name) event.name = reader.string();
    else if (tag === eventTags.attribute && count++ < otlpSizes.attributes) readAttribute(reader, event.attributes, 0);
    else return false;
    return true;
  });
  return event;
}

const spanTags = {
  traceId: sized(1),
  spanId: sized(2),
  parentSpanId: sized(4),
  name: sized(5),
  start: eightBytes(7),
  end: eightBytes(8),
  attribute: sized(9),
  event: sized(11),
  status: sized(15),
};

function readSpan(reader: Reader, resource: Attributes): OtlpSpan {
  const span = newSpan(resource);
  let attributes = 0;
  readFields(reader, endOfMessage(reader), tag => {
    if (tag === spanTags.attribute && attributes++ < otlpSizes.attributes) readAttribute(reader, span.attributes, 0);
    else if (tag === spanTags.traceId) span.traceId = readHex(reader);
    else if (tag === spanTags.spanId) span.spanId = readHex(reader);
    else if (tag === spanTags.parentSpanId) span.parentSpanId = readHex(reader);
    else if (tag === spanTags.name) span.name = reader.string();
    else if (tag === spanTags.start) span.startMs = readMs(reader);
    else if (tag === spanTags.end) span.endMs = readMs(reader);
    else if (tag === spanTags.event && span.events.length < otlpSizes.events) span.events.push(readEvent(reader));
    else if (tag === spanTags.status) span.status = readStatus(reader);
    else return false;
    return true;
  });
  return span;
}

const scopeTags = { span: sized(2) };

function readScope(reader: Reader, resource: Attributes, spans: OtlpSpan[]): void {
  readFields(reader, endOfMessage(reader), tag => {
    if (tag !== scopeTags.span) return false;
    addSpan(spans, readSpan(reader, resource));
    return true;
  });
}

/** Before scopes were called so, a library stood in their place, with the same fields. */
const resourceSpansTags = { resource: sized(1), scope: sized(2), library: sized(1000) };

function readResource(reader: Reader, into: Attributes): void {
  let count = 0;
  readFields(reader, endOfMessage(reader), tag => {
    count += 1;
    if (tag !== item || count > otlpSizes.attributes) return false;
    readAttribute(reader, into, 0);
    return true;
  });
}

function readResourceSpans(reader: Reader, spans: OtlpSpan[]): void {
  const resource: Attributes = {};
  readFields(reader, endOfMessage(reader), tag => {
    if (tag === resourceSpansTags.resource) readResource(reader, resource);
    else if (tag === resourceSpansTags.scope || tag === resourceSpansTags.library) readScope(reader, resource, spans);
    else return false;
    return true;
  });
}

/** The spans of an ExportTraceServiceRequest. Throws whatever the reader throws where the bytes are none, OtlpError where there are too many. */
export function decodeProtobuf(bytes: Buffer): OtlpSpan[] {
  const reader = Reader.create(bytes);
  const spans: OtlpSpan[] = [];
  readFields(reader, reader.len, tag => {
    if (tag !== item) return false;
    readResourceSpans(reader, spans);
    return true;
  });
  return spans;
}
