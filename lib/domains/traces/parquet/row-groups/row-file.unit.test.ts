import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceRow } from '@/dev/testing/traces/rows';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { fileColumns, parquetColumns } from '@/lib/domains/traces/parquet/columns';
import { newMemory } from '@/lib/domains/traces/parquet/row-groups/byte-writer';
import { RowFile } from '@/lib/domains/traces/parquet/row-groups/row-file';
import { newGroupMemory, RowGroup } from '@/lib/domains/traces/parquet/row-groups/row-group';
import { literal, withDuckDb } from '@/lib/platform/duckdb';
import { randomText } from '@/lib/platform/ids';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traces-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes groups of rows, each into its own memory, and asks DuckDB about the file. */
async function asked<Row extends Record<string, unknown>>(
  groups: readonly (readonly PricedRow[])[],
  select: string,
  memory = newGroupMemory(),
): Promise<Row[]> {
  const file = new RowFile(join(folder, `${randomText(10)}.parquet`));
  const group = new RowGroup(fileColumns);
  for (const rows of groups) {
    for (const row of rows) group.add(row, row);
    await file.add(group.write(memory));
  }
  const from = literal(await file.finish());
  return withDuckDb({ folder }, database => database.rows<Row>(`${select} FROM read_parquet(${from})`));
}

const names = Object.keys(parquetColumns);
/** Texts and numbers as DuckDB's own text of them, which is exact. */
const asText = names.map(name => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ');

const texts = [
  null,
  '',
  'a',
  'b c',
  '\\N',
  'é',
  '日本語 😀',
  'NUL \u0000 and line\r\nends',
  'x'.repeat(63),
  'y'.repeat(65),
  `${'z'.repeat(299)}é`,
];
const numbers = [null, 0, 1, 127, 128, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
const floats = [null, 0, 0.1 + 0.2, 1e-7, 5e-324, 1.7976931348623157e308, 1234.5];
const times = ['1970-01-01T00:00:00+00:00', '2106-12-31T23:59:59.999999+00:00', '2026-10-12T19:00:00.000001+00:00'];

/** The value at `index` of those of a kind, other ones in each column. */
const cellOf = <Value>(values: readonly Value[], index: number, column: number): Value =>
  values[(index * (column + 1) + column) % values.length] as Value;

const textNames = ['session_id', 'developer_id', 'model', 'repo_slug', 'branch', 'tags', 'error_message'] as const;
const countNames = ['status_code', 'accepted_lines'] as const;
const floatNames = ['diff_ratio', 'reported_cost_usd', 'book_cost_usd', 'first_token_ms'] as const;

function mixedRow(index: number): PricedRow {
  const row = traceRow({ timestamp: cellOf(times, index, 0), tokens_in: cellOf(numbers, index, 0) ?? 7 });
  row.event_date = row.timestamp.slice(0, 10);
  row.from_cache = index % 3 === 0;
  const given: Partial<PricedRow> = {};
  for (const [column, name] of textNames.entries()) given[name] = cellOf(texts, index, column);
  for (const [column, name] of countNames.entries()) given[name] = cellOf(numbers, index, column);
  for (const [column, name] of floatNames.entries()) given[name] = cellOf(floats, index, column);
  return { ...row, ...given };
}

/** What DuckDB says of the rows where it is given them as JSON. */
async function asJson(rows: readonly PricedRow[]): Promise<Record<string, unknown>[]> {
  const columns = Object.entries(parquetColumns).map(([name, type]) => `${name} ${type}`);
  return withDuckDb({ folder }, async database => {
    await database.run(`CREATE TABLE given (${columns.join(', ')})`);
    const value = (given: unknown) =>
      given === null ? 'NULL' : typeof given === 'string' ? `${literal(given)}` : `${given}`;
    for (const row of rows) {
      const values = names.map(name => value(row[name as keyof PricedRow]).replaceAll('\u0000', "' || chr(0) || '"));
      await database.run(`INSERT INTO given VALUES (${values.join(', ')})`);
    }
    return database.rows(`SELECT ${asText} FROM given`);
  });
}

describe('a row file', () => {
  it('has the columns and types of the files that are made of it', async () => {
    const [types] = await asked<Record<string, string>>(
      [[traceRow()]],
      `SELECT ${names.map(name => `typeof(${name}) AS ${name}`).join(', ')}`,
    );
    const own = Object.entries(parquetColumns).map(([name, type]) => [
      name,
      type === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : type,
    ]);
    expect(types).toEqual(Object.fromEntries(own));
  });

  it.each([1, 2, 7, 8, 9, 128, 129, 130, 300])(
    'gives back every value of a group of %i rows, whatever is missing in which column',
    async count => {
      const rows = Array.from({ length: count }, (_, index) => mixedRow(index));
      expect(await asked([rows], `SELECT ${asText}`)).toEqual(await asJson(rows));
    },
  );

  it('keeps the order of rows over many groups, each of which may have one value in a column or none', async () => {
    const groups = Array.from({ length: 40 }, (_, index) =>
      Array.from({ length: 1 + (index % 5) }, (_, at) =>
        traceRow({ team: index % 3 === 0 ? null : `team ${index}`, accepted_lines: 10 * index + at }),
      ),
    );
    const found = await asked<{ team: string | null; lines: number }>(
      [...groups, []],
      'SELECT team, CAST(accepted_lines AS INT) AS lines',
    );
    expect(found).toEqual(groups.flat().map(({ team, accepted_lines: lines }) => ({ team, lines })));
  });

  it('takes more memory where the given one does not do', async () => {
    const rows = Array.from({ length: 50 }, () => traceRow({ error_message: randomText(500) }));
    const found = await asked<{ message: string }>([rows, rows], 'SELECT error_message AS message', newMemory(64));
    expect(found.map(({ message }) => message)).toEqual([...rows, ...rows].map(row => row.error_message));
  });

  it('makes a sign of half a surrogate pair, as UTF-8 has none, and never joins two of them', async () => {
    const halves = ['\ud83d', '\ude00', 'a\ud83d', '\ude00b'].map(team => traceRow({ team }));
    const found = await asked<{ team: string }>([halves], 'SELECT team');
    expect(found.map(({ team }) => team)).toEqual(['\ufffd', '\ufffd', 'a\ufffd', '\ufffdb']);
  });

  it('may have no rows', async () => {
    expect(await asked([], 'SELECT count(*) AS rows')).toEqual([{ rows: 0n }]);
  });
});
