import { describe, expect, test } from 'vitest';
import { examples, firstText } from '@/app/(portal)/desk/_parts/examples';
import { lookText } from '@/app/(portal)/desk/_parts/look-text';
import { givenLimit, openedText, opensNothing } from '@/app/(portal)/desk/_parts/opened-text';
import { shownTables, toolExecutions } from '@/lib/domains/desk/catalog/fixed-tables';
import { checkText } from '@/lib/domains/desk/check/check-text';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';

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

test('where nothing is opened the editor begins with a query that runs as it is, also beside an open table', async () => {
  const ctx = requireCustomer(systemCtx('test', { customerId: 'cus_1', tenantDatasetId: 'acme' }));
  for (const params of [{}, { open: 'events_shop_orders' }])
    expect(await openedText(ctx, params, [])).toMatchObject({ sql: firstText, saved: null });
  expect(check(firstText)).toMatchObject({ ok: true, tables: ['pipeline_runs'] });
});

test('what was typed last comes back where the address opens no text, also beside a table’s columns', () => {
  for (const params of [{}, { open: 'events_web_clicks' }, { query: '' }]) expect(opensNothing(params)).toBe(true);
  for (const name of ['query', 'saved', 'table', 'example']) expect(opensNothing({ [name]: 'one' }), name).toBe(false);
});

describe('the LIMIT that a text was given', () => {
  const given = (written: string): number | null => {
    const ran = checkText(written, { tables, limit: 100 });
    expect(ran, written).toMatchObject({ ok: true });
    return givenLimit(written, ran.ok ? ran.sql : '');
  };

  test('is told from what ran, also beside comments, within brackets and after NULLS LAST', () => {
    for (const written of [
      'SELECT 1 AS one FROM sessions',
      'SELECT 1 AS one -- no LIMIT 5\nFROM sessions;  ',
      'SELECT 1 AS one FROM sessions /*\nLIMIT 5*/',
      '(SELECT 1 AS one FROM sessions)',
      'SELECT event_id FROM sessions ORDER BY event_id NULLS LAST',
      'SELECT one FROM (SELECT 1 AS one FROM sessions LIMIT 5)',
    ])
      expect(given(written), written).toBe(100);
  });

  test('is none where the text has its own', () => {
    for (const written of [
      'SELECT 1 AS one FROM sessions LIMIT 7',
      'SELECT 1 AS one FROM sessions\nLIMIT 7;',
      'SELECT 1 AS one --\nFROM sessions /* all */\nLIMIT 7 -- of them',
      'SELECT 1 AS one FROM sessions LIMIT 5 OFFSET 2;',
      '(SELECT 1 AS one FROM sessions\nLIMIT 7)',
    ])
      expect(given(written), written).toBeNull();
  });
});
