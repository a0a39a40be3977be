import { expect, test } from 'vitest';
import { sentItems } from '@/lib/domains/agent-log/collect/sent-items';

const [a, b] = [{ value: { a: 1 } }, { value: { a: 2 } }];
const cases: [sentence: string, text: string, items: object[] | null][] = [
  ['an array', '[{"a":1},{"a":2}]', [a, b]],
  ['an object that holds one', '{"events":[{"a":1},{"a":2}]}', [a, b]],
  ['an object that holds an empty one', '{"events":[]}', []],
  ['one object', '{"a":1}', [a]],
  ['an object a line', '{"a":1}\n{"a":2}\n', [a, b]],
  ['a line that is no JSON', '{"a":1}\n{"a":', [a, { problem: { code: 'not_json', field: '' }, text: '{"a":' }]],
  ['an object under the other name, which is an item', '{"snapshots":[]}', [{ value: { snapshots: [] } }]],
  ['a list of lists', '[[{"a":1}]]', [{ value: [{ a: 1 }] }]],
  ['a list of one object that holds a list, which is an item', '[{"events":[]}]', [{ value: { events: [] } }]],
  ['no JSON', 'a=1', null],
  ['nothing', '', null],
];
test.each(cases)('%s', (_, text, items) => expect(sentItems(text, 'events')).toEqual(items));

test('an object that is to hold events and does not, or not alone, is refused as a whole', () => {
  for (const text of ['{"events":{}}', '{"events":null}', '{"events":[],"session_id":"s"}'])
    expect(() => sentItems(text, 'events'), text).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
