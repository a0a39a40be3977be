import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { choose, type TablesRead } from '@/app/(portal)/desk/_parts/tables/read-tables';
import { TableList } from '@/app/(portal)/desk/_parts/tables/table-list';
import type { DeskTable } from '@/lib/domains/desk/rules';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

const columns = Array.from({ length: 2_000 }, (_, at) => ({
  name: `a_property_with_a_long_name_${at}`,
  type: 'STRING',
  repeated: false,
  description: 'A property of the events.',
}));
const events = (count: number): DeskTable[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `events_a_source_with_a_name_table_${at}`,
    group: 'events',
    description: 'Events.',
    columns,
    partitionColumn: null,
    needsFilter: false,
  }));
/** As readTables finds it. */
function tablesOf(events: DeskTable[], open = ''): TablesRead {
  const { one, listed, found } = choose(events, open);
  const counted = listed.map(({ name, columns: { length } }) => ({ name, columnCount: length }));
  return { fixed: [], events: { count: events.length, found, listed: counted, open: one ?? null } };
}
const draw = (tables: TablesRead, open?: string) =>
  renderToStaticMarkup(createElement(TableList, { tables, params: { query: 'q', open } }));
const html = (tables: DeskTable[], open?: string) => draw(tablesOf(tables, open), open);

test('event tables are listed by name; the columns are of the one that is open', () => {
  const closed = html(events(3));
  expect(closed).toContain('events_a_source_with_a_name_table_2');
  expect(closed).toContain('2,000 columns');
  expect(closed).not.toContain('a_property_with_a_long_name_0');
  expect(closed).toContain('open=events_a_source_with_a_name_table_2');
  const open = html(events(3), 'events_a_source_with_a_name_table_1');
  expect(open).toContain('<details open=""');
  expect(open).toContain('a_property_with_a_long_name_149');
  expect(open).toContain('1,850 columns more');
});

test('the list is small, however many tables with however many columns there are', () => {
  for (const open of [undefined, 'events_a_source_with_a_name_table_2999'])
    expect(Buffer.byteLength(html(events(3_000), open))).toBeLessThan(120_000);
});

test('of many tables a part of the name finds more, and a look keeps what the editor was opened with', () => {
  const found = html(events(3_000), 'table_2998');
  expect(found).toContain('open=events_a_source_with_a_name_table_2998');
  expect(found).not.toContain('table_7<');
  expect(found).toContain('name="query" value="q"');
  expect(html(events(3_000), 'nothing')).toContain('No table has “nothing”');
});

test('a table that is asked with a filter only says so, and one that a filter makes cheap says that', () => {
  const [table] = events(1);
  const said = (needsFilter: boolean) =>
    draw({
      ...tablesOf([]),
      fixed: [{ ...table!, group: 'metadata', partitionColumn: 'start_time', needsFilter }],
    }).replace(/<[^>]*>/g, '');
  expect(said(true)).toContain('Needs a filter of start_time');
  expect(said(false)).toContain('A filter of start_time keeps a query cheap.');
});
