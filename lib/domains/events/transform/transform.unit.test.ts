import { expect, test } from 'vitest';
import type { CallType } from '@/lib/domains/events/rules';
import { columnsOf } from '@/lib/domains/events/transform/shapes';
import { readTime } from '@/lib/domains/events/transform/times';
import { type CallFacts, type SentCall, transformCall } from '@/lib/domains/events/transform/transform';
import { parseJson } from '@/lib/platform/exact-json';

const received = '2026-11-27T12:00:00.000Z';
const factsOf = (type: CallType): CallFacts => {
  const receivedAt = readTime(received);
  if (!receivedAt) throw new Error('no time');
  return { type, messageId: 'm1', receivedAt, processedAt: '2026-11-27T12:00:01.000Z', ip: null, userAgent: null };
};

/** The rows by table, and the types of their columns. */
function transformed(type: CallType, call: SentCall, facts: Partial<CallFacts> = {}) {
  const { rows, notes } = transformCall({ userId: 'u1', ...call }, { ...factsOf(type), ...facts });
  return {
    notes,
    tables: rows.map(({ table }) => table),
    rows: Object.fromEntries(rows.map(({ table, json }) => [table, JSON.parse(json)])),
    types: Object.fromEntries(
      rows.map(({ table, shapes }) => [
        table,
        Object.fromEntries(shapes.flatMap(columnsOf).map(({ name, type }) => [name, type])),
      ]),
    ),
    json: rows.map(({ json }) => json),
  };
}

const common = {
  id: 'm1',
  user_id: 'u1',
  received_at: received,
  timestamp: received,
  uuid_ts: '2026-11-27T12:00:01.000Z',
};

test('E-13, E-14: identify gives a row with its traits, and one of the user whose id is the user’s', () => {
  const { rows, tables } = transformed('identify', { anonymousId: 'a1', traits: { plan: 'pro', logins: 3 } });
  expect(tables).toEqual(['identifies', 'users']);
  expect(rows.identifies).toEqual({ ...common, anonymous_id: 'a1', plan: 'pro', logins: 3 });
  expect(rows.users).toEqual({ ...common, id: 'u1', plan: 'pro', logins: 3 });
});

test('an identify of somebody without an id is no user yet', () => {
  expect(transformed('identify', { userId: null, anonymousId: 'a1', traits: { plan: 'pro' } }).tables).toEqual([
    'identifies',
  ]);
});

test('E-15, E-16: track gives a row without properties to tracks and one with them to the table of the event', () => {
  const { rows, tables } = transformed('track', {
    event: 'Order Completed',
    properties: { orderId: 'o1', total: 9.5 },
  });
  expect(tables).toEqual(['tracks', 'order_completed']);
  const event = { event: 'order_completed', event_text: 'Order Completed' };
  expect(rows.tracks).toEqual({ ...common, ...event });
  expect(rows.order_completed).toEqual({ ...common, ...event, order_id: 'o1', total: 9.5 });
});

test('E-17: page and screen give a row with name, category and properties', () => {
  const call = { name: 'Home', category: 'Docs', properties: { path: '/', name: 'Home' } };
  for (const [type, table] of [['page', 'pages'] as const, ['screen', 'screens'] as const]) {
    const { rows, notes } = transformed(type, call);
    expect(rows).toEqual({ [table]: { ...common, name: 'Home', category: 'Docs', path: '/' } });
    expect(notes).toEqual([]);
  }
});

test('E-18: group gives a row with the group and its traits, alias one with both ids', () => {
  expect(transformed('group', { groupId: 'g1', traits: { seats: 4 } }).rows).toEqual({
    groups: { ...common, group_id: 'g1', seats: 4 },
  });
  expect(transformed('alias', { previousId: 'a1' }).rows).toEqual({ aliases: { ...common, previous_id: 'a1' } });
});

const clocks: [why: string, sent: SentCall, timestamp: string, original: string | undefined][] = [
  [
    'a clock an hour ahead is corrected',
    { timestamp: '2026-11-27T12:59:58.000Z', sentAt: '2026-11-27T13:00:00.000Z' },
    '2026-11-27T11:59:58.000Z',
    '2026-11-27T12:59:58.000Z',
  ],
  [
    'a clock in 1970 is corrected',
    { timestamp: '1970-01-01T00:00:01Z', sentAt: '1970-01-01T00:00:05Z' },
    '2026-11-27T11:59:56.000Z',
    '1970-01-01T00:00:01Z',
  ],
  [
    'a clock in 2106 is corrected',
    { timestamp: '2106-02-07T06:28:15Z', sentAt: '2106-02-07T06:28:15Z' },
    received,
    '2106-02-07T06:28:15Z',
  ],
  [
    'without sentAt the client’s time is all there is',
    { timestamp: '2020-01-01T00:00:00Z' },
    '2020-01-01T00:00:00Z',
    '2020-01-01T00:00:00Z',
  ],
  ['without timestamp it is the time of receipt', { sentAt: '2020-01-01T00:00:00Z' }, received, undefined],
  ['without both it is the time of receipt', {}, received, undefined],
  ['what TIMESTAMP cannot hold is left out', { timestamp: '+275760-09-13T00:00:00Z' }, received, undefined],
  [
    'what the correction moves beyond TIMESTAMP is the time of receipt',
    { timestamp: '9999-12-31T00:00:00Z', sentAt: '0001-01-01T00:00:00Z' },
    received,
    '9999-12-31T00:00:00Z',
  ],
];

test.each(clocks)('E-20: %s', (_, sent, timestamp, original) => {
  const { rows } = transformed('alias', { previousId: 'a1', ...sent });
  expect(rows.aliases).toMatchObject({ timestamp, received_at: received });
  expect(rows.aliases?.original_timestamp).toBe(original);
});

test('E-22, E-25: objects are flattened and arrays are text', () => {
  const { rows, types } = transformed('track', {
    event: 'x',
    context: { device: { type: 'phone' }, library: { name: 'l' } },
    properties: { list: [1, 2], deep: { er: { still: true } }, none: {}, nothing: [] },
  });
  expect(rows.x).toMatchObject({
    context_device_type: 'phone',
    context_library_name: 'l',
    list: '[1,2]',
    deep_er_still: true,
    nothing: '[]',
  });
  expect(rows.x).not.toHaveProperty('none');
  expect(types.x).toMatchObject({ list: 'STRING', deep_er_still: 'BOOL', context_device_type: 'STRING' });
  expect(rows.tracks).not.toHaveProperty('list');
  expect(rows.tracks).toHaveProperty('context_device_type');
});

const values: [json: string, type: string | undefined, written: string | undefined, why: string][] = [
  ['null', undefined, undefined, 'a null makes no column'],
  ['5', 'INT64', '5', 'a whole number'],
  ['-0', 'INT64', '0', 'there is one zero'],
  ['5.0', 'INT64', '5', 'as JavaScript cannot tell it from 5'],
  ['1.5', 'FLOAT64', '1.5', 'a fraction is never cut'],
  ['9007199254740993', 'INT64', '9007199254740993', 'digits beyond a double are kept'],
  ['-9223372036854775808', 'INT64', '-9223372036854775808', 'to the ends of 64 bits'],
  ['9223372036854775808', 'FLOAT64', '9223372036854776000', 'beyond them a double is the nearest'],
  ['1e300', 'FLOAT64', '1e+300', 'a large one is a double'],
  ['true', 'BOOL', 'true', 'yes or no'],
  ['"5"', 'STRING', '"5"', 'digits in quotes are text'],
  ['""', 'STRING', '""', 'empty text is a value'],
  ['"2026-11-27T12:00:00Z"', 'TIMESTAMP', '"2026-11-27T12:00:00Z"', 'an instant'],
  ['"2026-11-27"', 'STRING', '"2026-11-27"', 'a day is no instant'],
  ['"a\\"\\n"', 'STRING', '"a\\"\\n"', 'text is escaped'],
  ['[9007199254740993]', 'STRING', '"[9007199254740993]"', 'digits are kept in lists too'],
];

test.each(values)('E-24: the value %s is %s, written %s: %s', (json, type, written) => {
  const properties = parseJson(`{"value":${json}}`) as SentCall;
  const made = transformed('track', { event: 'x', properties });
  expect(made.types.x?.value).toBe(type);
  if (written === undefined) expect(made.json[1]).not.toContain('"value"');
  else expect(made.json[1]).toContain(`,"value":${written}}`);
});

const reserved = {
  id: 'x',
  anonymousId: 'x',
  userId: 'x',
  receivedAt: 'x',
  sent_at: 'x',
  timestamp: 'x',
  originalTimestamp: 'x',
  uuidTs: 'x',
  loaded_at: 'x',
  event: 'x',
  eventText: 'x',
};

test('E-26: no property overrides a reserved column, and the receipt keeps what was sent', () => {
  const { rows, notes } = transformed('track', { event: 'y', properties: { ...reserved, kept: 1 } });
  const { y, tracks } = rows;
  expect(y).toEqual({ ...tracks, kept: 1 });
  expect(notes).toHaveLength(Object.keys(reserved).length);
  expect(notes).toContainEqual({ code: 'reserved_name', path: 'properties.receivedAt', detail: '"x"' });
  const traits = transformed('identify', { traits: { id: 'x', loadedAt: 'x', event: 'kept' } });
  expect(traits.rows.users).toEqual({ ...common, id: 'u1', event: 'kept' });
  expect(traits.notes.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'reserved_name traits.id',
    'reserved_name traits.loadedAt',
  ]);
});

test('E-21: of two paths that are one column the first has it, and the other is noted', () => {
  const { rows, notes } = transformed('track', {
    event: 'x',
    context: { ip: '203.0.113.1' },
    properties: { orderId: 1, order_id: 2, context: { ip: 'other' } },
  });
  expect(rows.x).toMatchObject({ order_id: 1, context_ip: '203.0.113.1' });
  expect(notes).toEqual([
    { code: 'clash', path: 'properties.order_id', detail: '2' },
    { code: 'clash', path: 'properties.context.ip', detail: '"other"' },
  ]);
});

test('E-23: an event or a property that needed another name than usual is noted with the one it got', () => {
  const { notes, tables } = transformed('track', { event: 'users', properties: { '2fa': true, 価格: 1 } });
  expect(tables).toEqual(['tracks', '_users']);
  expect(notes).toEqual([
    { code: 'renamed_event', path: 'event', detail: '_users' },
    { code: 'renamed_column', path: 'properties.2fa', detail: '_2fa' },
    { code: 'renamed_column', path: 'properties.価格', detail: 'u4fa1u683c' },
  ]);
});

test('address and browser are the sender’s, unless the call names its own', () => {
  const sender = { ip: '203.0.113.7', userAgent: 'curl' };
  expect(transformed('alias', { previousId: 'a' }, sender).rows.aliases).toMatchObject({
    context_ip: '203.0.113.7',
    context_user_agent: 'curl',
  });
  const context = { ip: '198.51.100.1', userAgent: 'Mozilla' };
  expect(transformed('alias', { previousId: 'a', context }, sender).rows.aliases).toMatchObject({
    context_ip: '198.51.100.1',
    context_user_agent: 'Mozilla',
  });
});

test('what is nested very deep is kept as JSON, and noted', () => {
  const deep = (levels: number): object => (levels === 0 ? { end: 1 } : { a: deep(levels - 1) });
  const { rows, notes } = transformed('track', { event: 'x', properties: { deep: deep(60) } });
  const column = `deep${'_a'.repeat(19)}`;
  expect(JSON.parse(rows.x[column])).toEqual(deep(41));
  expect(notes).toMatchObject([{ code: 'too_deep' }]);
});

test('names and values of no kind break a row: every line is one JSON object without repeated names', () => {
  const odd = JSON.parse(
    '{"__proto__":1,"constructor":{"name":2},"toString":3,"a\\u2028b":"x\\u2028y","hasOwnProperty":null}',
  );
  const { json, rows } = transformed('track', { event: '__proto__', properties: odd, context: odd });
  for (const line of json) {
    expect(line).not.toContain('\n');
    const names = [...line.matchAll(/[{,]"(\w+)":/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
  }
  expect(rows.proto).toMatchObject({ proto: 1, constructor_name: 2, to_string: 3, a_b: 'x\u2028y' });
});

test('ever new names do not change what a call becomes, nor fill the memory', () => {
  const properties = (round: number) =>
    Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${round}x${at}`, at]));
  for (let round = 0; round < 50; round++) transformed('track', { event: `e${round}`, properties: properties(round) });
  const { rows } = transformed('track', { event: 'x', properties: { orderId: 1, order_id: 2 } });
  expect(rows.x).toMatchObject({ order_id: 1 });
});
