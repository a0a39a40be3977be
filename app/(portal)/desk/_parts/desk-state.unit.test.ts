import { describe, expect, test } from 'vitest';
import { checkedOf, placeIn, refusalOf } from '@/app/(portal)/desk/_parts/desk-state';
import { AppError } from '@/lib/platform/errors';

const mebibyte = 1024 ** 2;
const refused = (details: Record<string, unknown>) => new AppError('query_refused', 'No.', { details });

describe('where a text was refused', () => {
  test('its line is shown with the caret below the sign that is meant', () => {
    const sql = 'SELECT *\nFROM customers.customer_profiles';
    const place = placeIn(sql, 2, 6);
    expect(place).toMatchObject({ line: 2, column: 6, text: 'FROM customers.customer_profiles' });
    expect(place?.before).toBe('     ');
  });

  test('tabs before the place stay tabs, and of a long line the part around it is shown', () => {
    expect(placeIn('\t\tx', 1, 3)?.before).toBe('\t\t');
    const place = placeIn(`${'a'.repeat(500)}!${'b'.repeat(500)}`, 1, 501);
    expect(place?.text[place.before.length]).toBe('!');
    expect(place?.text.length).toBeLessThan(200);
  });

  test('a place that is not named, or lies beyond the text, is not shown', () => {
    for (const [line, column] of [
      [null, null],
      [9, 1],
      [undefined, 3],
    ])
      expect(placeIn('SELECT 1', line, column)).toBeNull();
  });
});

describe('why a query was not run', () => {
  test('a text that was refused says why, where, and that nothing was sent', () => {
    const said = refusalOf(
      refused({ layer: 'text', reason: 'No such table.', line: 1, column: 15 }),
      'SELECT * FROM nothing',
    );
    expect(said).toMatchObject({
      title: 'Not run: line 1, column 15',
      reason: 'No such table.',
      note: 'Nothing was sent to BigQuery; 0 bytes were billed.',
    });
  });

  test('a text that BigQuery’s dry run refused does not claim that nothing was sent', () => {
    const said = refusalOf(
      refused({ layer: 'service', reason: 'Unrecognized name', line: null, column: null }),
      'SELECT x',
    );
    expect(said?.note).toMatch(/dry run only.*0 bytes/);
  });

  test('over the cap says both sizes, and that nothing was billed', () => {
    const details = { estimated_bytes: 20 * mebibyte, cap_bytes: 10 * mebibyte };
    const said = refusalOf(new AppError('query_over_cap', 'Too much.', { details }), 'SELECT 1');
    expect(said?.note).toContain('20.0\u00a0MiB');
    expect(said?.note).toContain('Nothing was billed.');
  });

  test('what says nothing about the text is no refusal', () => {
    expect(refusalOf(new AppError('rate_limited', 'Slow down.'), 'SELECT 1')).toBeNull();
    expect(refusalOf(new Error('broken'), 'SELECT 1')).toBeNull();
  });
});

test('an estimate is said in sizes and dollars, and one that does not fit says so', () => {
  const estimate = {
    sql: 'SELECT 1',
    tables: [{ name: 'pipeline_runs' }],
    estimatedBytes: 10 * mebibyte,
    usd: 0.00006,
    capBytes: 1024 * mebibyte,
    dayBytes: 0,
    dayLimitBytes: 100 * 1024 * mebibyte,
    columns: [{ name: 'tags', type: 'STRING', repeated: true }],
  };
  const fits = checkedOf({ ...estimate, fits: 'yes' });
  expect(fits.fits).toBe(true);
  expect(fits.facts.map(({ value }) => value.replaceAll('\u00a0', ' '))).toEqual([
    '10.0 MiB',
    '< $0.0001',
    '1 GiB',
    '0 B of 100 GiB',
  ]);
  expect(fits.columns).toEqual([{ name: 'tags', type: 'ARRAY of STRING' }]);
  expect(checkedOf({ ...estimate, fits: 'over_cap' })).toMatchObject({ fits: false, title: 'Over the cap of a query' });
});
