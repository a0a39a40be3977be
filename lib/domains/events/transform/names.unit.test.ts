import { expect, test } from 'vitest';
import { columnName, eventTable } from '@/lib/domains/events/transform/names';
import { snakeCase } from '@/lib/domains/events/transform/snake-case';
import { maxNameSigns } from '@/lib/warehouse/ingest/evolve/column-names';

const words: [sent: string, name: string, why: string][] = [
  ['orderId', 'order_id', 'a capital begins a word'],
  ['Production Site', 'production_site', 'as the customer’s document writes it'],
  ['Sign-up: Step 1!', 'sign_up_step_1', 'every run of other signs is one _'],
  ['HTTPServer', 'http_server', 'an acronym is one word'],
  ['userID', 'user_id', 'an acronym may end a name'],
  ['utf8Text', 'utf8_text', 'digits belong to the word before them'],
  ['sha256', 'sha256', 'a word with digits stays one'],
  ['__private__', 'private', 'nothing at the ends'],
  ['a  -  b', 'a_b', 'never two _ in a row'],
  ['ALL_CAPS', 'all_caps', 'no capitals'],
  ['Prénom', 'prenom', 'accents go'],
  ['Größe', 'grosse', 'letters that have two Latin ones for them'],
  ['Łódź', 'lodz', 'a stroke is an accent'],
  ['価格', 'u4fa1u683c', 'another script is spelled'],
  ['цена', 'u446u435u43du430', 'so that two such names stay two'],
  ['price 価格', 'price_u4fa1u683c', 'beside Latin letters too'],
  ['Order 🎉 Done', 'order_done', 'a picture parts words'],
  ['🎉', 'u1f389', 'a picture alone is spelled'],
  ['!!!', '', 'signs alone are no name'],
  ['', '', 'nothing is no name'],
];

test.each(words)('%j is written %j: %s', (sent, name) => {
  expect(snakeCase(sent)).toBe(name);
});

const columns: [parent: string, property: string, name: string, how: string, why: string][] = [
  ['', 'orderId', 'order_id', 'as_is', 'the usual rule'],
  ['context_device', 'type', 'context_device_type', 'as_is', 'objects are flattened'],
  ['', '2fa', '_2fa', 'renamed', 'no name begins with a digit'],
  ['context', '2fa', 'context_2fa', 'as_is', 'behind another name a digit is well'],
  ['', '', '_', 'renamed', 'no name is empty'],
  ['', '!!!', '_', 'renamed', 'no name is empty'],
  ['context', '!!!', 'context__', 'renamed', 'nor is a part of one'],
  ['', '価格', 'u4fa1u683c', 'renamed', 'a spelled name is noted'],
  ['', 'Prénom', 'prenom', 'as_is', 'an accent is not'],
  ['', '_TABLE_SUFFIX', 'table_suffix', 'as_is', 'BigQuery’s own prefixes cannot arise'],
  ['_', '_ROOT_', '__root', 'as_is', 'nor by an empty name in front'],
  ['__root', '', '___root__', 'renamed', 'where one does, _ stands in front'],
];

test.each(columns)('below %j the property %j is the column %j (%s): %s', (parent, property, name, how) => {
  expect(columnName(parent, property)).toEqual({ name, how });
});

const events: [event: string, table: string, why: string][] = [
  ['Order Completed', 'order_completed', 'one table an event'],
  ['Sign-up: Step 1!', 'sign_up_step_1', 'a legal name from any event'],
  ['users', '_users', 'a fixed table is not written by events'],
  ['Tracks', '_tracks', 'in whatever case'],
  ['Pages View', '_pages_view', 'nor is its view'],
  ['_users', '_users', 'also where _ was sent'],
  ['404', '_404', 'no table begins with a digit'],
  ['!?', '_', 'no table is without a name'],
  ['購入', 'u8cfcu5165', 'another script is spelled'],
  ['Information Schema', '_information_schema', 'BigQuery’s own place is not taken'],
];

test.each(events)('the event %j has the table %j: %s', (event, table) => {
  expect(eventTable(event).name).toBe(table);
});

test('a long name is cut to what BigQuery takes, and two that begin alike stay two', () => {
  for (const name of [
    (text: string) => columnName('', text),
    (text: string) => columnName('context', text),
    eventTable,
  ]) {
    const [one, other] = [name(`${'x'.repeat(400)}a`), name(`${'x'.repeat(400)}b`)];
    expect(one).toEqual({ name: expect.stringMatching(/^[a-z0-9_]+$/), how: 'cut' });
    expect(one.name).toHaveLength(maxNameSigns);
    expect(one.name).not.toBe(other.name);
    expect(name(`${'x'.repeat(400)}a`)).toEqual(one);
  }
  const [ends, begins] = [eventTable(`${'!'.repeat(2_000)}a`), eventTable(`${'!'.repeat(2_000)}b`)];
  expect(ends.name).not.toBe(begins.name);
});

/** Signs of every kind, each alone and between letters. */
const signs = [
  '\0',
  ' ',
  '"',
  '`',
  '.',
  '$',
  '\\',
  '\ud800',
  'é',
  'İ',
  'K',
  '٣',
  'ﷺ',
  '👨‍👩‍👧',
  '한',
  'หนู',
  '_TABLE_',
  '__ROOT__',
  '9',
];

test('whatever is sent, a name is not empty, has only a–z, 0–9 and _, and begins with no digit and no prefix of BigQuery’s', () => {
  for (const sign of signs) {
    for (const text of [sign, `a${sign}b`, `${sign}${sign}`, sign.repeat(300), `${sign}Z`]) {
      for (const { name } of [
        columnName('', text),
        columnName('context', text),
        columnName('_', text),
        eventTable(text),
      ]) {
        expect(name).toMatch(/^[a-z_][a-z0-9_]{0,299}$/);
        expect(name).not.toMatch(/^(?:_table_|_file_|_partition|_row_timestamp|__root__|_colidentifier|_change_)/);
      }
    }
  }
});
