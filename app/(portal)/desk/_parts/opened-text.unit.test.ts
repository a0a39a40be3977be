import { expect, test } from 'vitest';
import { examples } from '@/app/(portal)/desk/_parts/examples';
import { lookText } from '@/app/(portal)/desk/_parts/look-text';
import { givenLimit } from '@/app/(portal)/desk/_parts/opened-text';
import { shownTables, toolExecutions } from '@/lib/domains/desk/catalog/fixed-tables';
import { checkText } from '@/lib/domains/desk/check/check-text';

const tables = [...shownTables.map(({ table }) => table), toolExecutions.name];
const check = (sql: string) => checkText(sql, { tables, limit: 1_000 });

test('a look at any table is a text that the desk lets through as it is, for it has a LIMIT', () => {
  for (const name of tables)
    for (const partitionColumn of [null, 'start_time', 'timestamp', 'at']) {
      const sql = lookText({ name, partitionColumn }, '2026-03-02');
      expect(check(sql)).toMatchObject({ ok: true, sql, tables: [name] });
    }
  expect(lookText({ name: 'sessions', partitionColumn: 'event_date' }, '2026-03-02')).toContain(
    "WHERE `event_date` >= '2026-02-23'",
  );
});

test('every example is a text that the desk lets through', () => {
  for (const { id, sql } of examples) expect(check(sql), id).toMatchObject({ ok: true });
});

test('the editor opens a query with the rows that were asked for, where its text has no LIMIT of its own', () => {
  const written = 'SELECT 1 AS one FROM sessions';
  const ran = checkText(written, { tables, limit: 100 });
  expect(givenLimit(written, ran.ok ? ran.sql : '')).toBe(100);
  expect(givenLimit('SELECT 1 AS one FROM sessions LIMIT 7', 'SELECT 1 AS one FROM sessions LIMIT 7')).toBe(1_000);
});
