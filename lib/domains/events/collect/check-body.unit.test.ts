/** Each rule of the wire format has its code and field; a bad item of a batch is refused alone. */
import { describe, expect, test } from 'vitest';
import { scanBody } from '@/lib/domains/events/collect/body-scan';
import { type CallKind, checkBody, parseBody } from '@/lib/domains/events/collect/check-body';
import { callProblems, callTypes } from '@/lib/domains/events/rules';

const check = (kind: CallKind, body: unknown) => checkText(kind, JSON.stringify(body));
const checkText = (kind: CallKind, text: string) =>
  checkBody(parseBody(kind, text, Buffer.from(text), scanBody(Buffer.from(text))));
const problemsOf = (kind: CallKind, body: unknown) =>
  check(kind, body).refused.flatMap(({ problems }) => problems.map(({ code, field }) => [code, field]));

const sound: Record<string, Record<string, unknown>> = {
  identify: { userId: 'u1', traits: { plan: 'pro' } },
  track: { anonymousId: 'a1', event: 'Order Completed', properties: { total: 1.5 } },
  page: { userId: 'u1', name: 'Home', category: null },
  screen: { userId: 'u1' },
  group: { userId: 'u1', groupId: 'g1', traits: {} },
  alias: { userId: 'u1', previousId: 'a1' },
};

test.each(callTypes)('a sound %s is taken, alone and in a batch', type => {
  expect(check(type, sound[type])).toMatchObject({ items: 1, accepted: 1, refused: [] });
  expect(check('batch', { batch: [{ ...sound[type], type }] })).toMatchObject({ accepted: 1, refused: [] });
});

const wrong: [
  sentence: string,
  kind: CallKind,
  body: unknown,
  problems: [code: keyof typeof callProblems, field: string][],
][] = [
  ['nobody is named', 'track', { event: 'A' }, [['user_missing', 'userId']]],
  ['both ids are empty', 'page', { userId: '', anonymousId: ' ' }, [['user_missing', 'userId']]],
  ['no event', 'track', { userId: 'u' }, [['event_missing', 'event']]],
  ['an empty event', 'track', { userId: 'u', event: '  ' }, [['event_missing', 'event']]],
  ['no group', 'group', { userId: 'u' }, [['group_missing', 'groupId']]],
  ['no previous id', 'alias', { userId: 'u' }, [['previous_missing', 'previousId']]],
  ['an alias of nobody', 'alias', { previousId: 'a', anonymousId: 'a' }, [['previous_missing', 'userId']]],
  ['a long message id', 'page', { userId: 'u', messageId: 'm'.repeat(100) }, [['message_id_too_long', 'messageId']]],
  ['an id that is a number', 'page', { userId: 7 }, [['wrong_type', 'userId']]],
  ['an event that is a list', 'track', { userId: 'u', event: [] }, [['wrong_type', 'event']]],
  ['properties that are a text', 'track', { userId: 'u', event: 'A', properties: 'x' }, [['wrong_type', 'properties']]],
  ['traits that are a list', 'identify', { userId: 'u', traits: [] }, [['wrong_type', 'traits']]],
  ['context that is a number', 'page', { userId: 'u', context: 1 }, [['wrong_type', 'context']]],
  ['integrations that are a text', 'page', { userId: 'u', integrations: 'All' }, [['wrong_type', 'integrations']]],
  ['a message id that is a number', 'page', { userId: 'u', messageId: 1 }, [['wrong_type', 'messageId']]],
  ['a time in words', 'page', { userId: 'u', timestamp: 'yesterday' }, [['bad_time', 'timestamp']]],
  ['a time as a number', 'page', { userId: 'u', sentAt: 1_700_000_000_000 }, [['bad_time', 'sentAt']]],
  [
    'a day that there is not',
    'page',
    { userId: 'u', originalTimestamp: '2026-02-30' },
    [['bad_time', 'originalTimestamp']],
  ],
  ['an item of no type', 'batch', { batch: [{ userId: 'u' }] }, [['unknown_type', 'type']]],
  ['an item of a strange type', 'batch', { batch: [{ userId: 'u', type: 'Track' }] }, [['unknown_type', 'type']]],
  ['an item that is no object', 'batch', { batch: [null] }, [['not_an_object', '']]],
  ['an item that is a list', 'batch', { batch: [[]] }, [['not_an_object', '']]],
  [
    'several at once',
    'track',
    { properties: 1, timestamp: 'x' },
    [
      ['wrong_type', 'properties'],
      ['user_missing', 'userId'],
      ['event_missing', 'event'],
      ['bad_time', 'timestamp'],
    ],
  ],
];
test.each(wrong)('%s: %s is refused with code and field', (_, kind, body, problems) => {
  expect(problemsOf(kind, body)).toEqual(problems);
});

const call = (properties: string) => `{"userId":"u","event":"A","properties":${properties}}`;
const rare: [sentence: string, text: string, problem: [code: string, field: string]][] = [
  ['a NUL', call('{"a":"x\\u0000"}'), ['not_text', 'properties.a']],
  ['half a character', call('{"a":{"b":["\\ud800"]}}'), ['not_text', 'properties.a.b.0']],
  ['a NUL in a name', call('{"a\\u0000":1}'), ['not_text', 'properties']],
  ['a number beyond a double', call('{"a":1e999}'), ['wrong_type', 'properties.a']],
  ['a whole number of 400 digits', call(`{"a":${'9'.repeat(400)}}`), ['wrong_type', 'properties.a']],
  [
    '101 levels',
    call(`${'['.repeat(100)}${']'.repeat(100)}`.replace(/^/, '{"a":').concat('}')),
    ['too_deep', 'properties.a.0.0.0.0'],
  ],
  ['too many bytes', call(`{"a":"${'x'.repeat(32_768)}"}`), ['event_too_large', '']],
];
test.each(rare)('%s is refused', (_, text, problem) => {
  const [refused] = checkText('track', text).refused;
  expect(refused?.problems.map(({ code, field }) => [code, field])).toEqual([problem]);
  expect(refused?.problems[0]?.message).toBe(callProblems[problem[0] as keyof typeof callProblems]);
});

test.each([
  '2026-11-27T13:49:26.123Z',
  '2026-11-27T13:49:26.123456+00:00',
  '2026-11-27T13:49:26',
  '2026-11-27T13:49:26+0530',
  '2026-11-27',
  '1970-01-01T00:00:00Z',
  '2106-02-07T06:28:16Z',
  '2028-02-29T23:59:60Z',
])('the time %s is taken', timestamp => {
  expect(problemsOf('page', { userId: 'u', timestamp })).toEqual([]);
});

test('pairs of escapes, escapes of the rest of the world and exponents that a double holds are taken', () => {
  expect(checkText('track', call('{"a":"\\ud83d\\ude00 \\u00e9","b":1e300,"c":-2.5E-7}')).accepted).toBe(1);
});

describe('a batch', () => {
  const good = { type: 'page', userId: 'u', messageId: 'kept' };
  test('takes its good items and refuses the others by index and id', () => {
    const checked = check('batch', { batch: [good, { ...good, userId: null, messageId: 'bad' }, 7, good] });
    expect(checked).toMatchObject({ items: 4, accepted: 2 });
    expect(checked.refused.map(({ index, messageId }) => [index, messageId])).toEqual([
      [1, 'bad'],
      [2, checked.messageIds[2]],
    ]);
    expect(Object.keys(checked.messageIds)).toEqual(['2']);
  });

  test('gives an id to each item that has none which can be kept', () => {
    const { messageIds } = check('batch', {
      batch: [{ ...good, messageId: undefined }, { ...good, messageId: '' }, good],
    });
    expect(Object.keys(messageIds)).toEqual(['0', '1']);
    expect(new Set(Object.values(messageIds)).size).toBe(2);
  });

  test.each([
    ['no list', {}, 'batch'],
    ['an empty list', { batch: [] }, 'batch'],
    ['an object for a list', { batch: {} }, 'batch'],
    ['a context that is a text', { batch: [good], context: 'x' }, 'context'],
    ['integrations that are a list', { batch: [good], integrations: [] }, 'integrations'],
    ['a sentAt that is no time', { batch: [good], sentAt: 'now' }, 'sentAt'],
  ])('with %s is refused as a whole', (_, body, path) => {
    expect(() => check('batch', body)).toThrow(
      expect.objectContaining({ code: 'invalid_input', fields: [expect.objectContaining({ path })] }),
    );
  });

  test('takes 2,500 items and not one more', () => {
    expect(check('batch', { batch: Array(2_500).fill(good) }).accepted).toBe(2_500);
    expect(() => check('batch', { batch: Array(2_501).fill(good) })).toThrow(
      expect.objectContaining({ code: 'body_too_large' }),
    );
  });

  const large = { ...good, properties: { a: 'é'.repeat(16_384) } };
  test.each([
    ['as SDKs write it', (items: unknown[]) => JSON.stringify({ batch: items, context: { batch: [1] } })],
    ['with spaces', (items: unknown[]) => JSON.stringify({ context: {}, batch: items }, null, 1)],
    [
      'with its name in escapes',
      (items: unknown[]) => JSON.stringify({ batch: items }).replace('batch', 'b\\u0061tch'),
    ],
    ['given twice', (items: unknown[]) => JSON.stringify({ batch: items }).replace('{', '{"batch":[1],')],
  ])('%s measures each item by its bytes', (_, write) => {
    const checked = checkText('batch', write([good, large, good]));
    expect(checked.refused.map(({ index, problems }) => [index, problems[0]?.code])).toEqual([[1, 'event_too_large']]);
  });
});

test.each([
  ['{"batch":[]}', []],
  ['{"batch":[ ]}', []],
  ['{"batch":[{"a":[1,2]},{}]}', [11, 2]],
  ['{"a":{"batch":[1,2]},"batch":["]",3]}', [3, 1]],
  ['{"batch":"[1,2]","c":[1,2]}', []],
] as const)('the items of %s have %j bytes', (text, bytes) => {
  expect(scanBody(Buffer.from(text)).itemBytes).toEqual(bytes);
});

test.each(['', 'null', '[]', '7', '"a"', '{', '{"a":1,}'])('the body %j is no call', text => {
  expect(() => checkText('track', text)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
});
