import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { type AnalyzerTable, analyzeSql, closeAnalyzer } from '@/lib/platform/sql-analyzer/analyze-sql';

afterAll(closeAnalyzer);

const texts = 20_000;

/** As many tables and columns as a customer of the demo has. */
const tables: AnalyzerTable[] = Array.from({ length: 20 }, (_, t) => ({
  name: `table_${t}`,
  columns: Array.from({ length: 12 }, (_, c) => ({
    name: `c${c}`,
    type: c % 3 ? 'STRING' : 'INT64',
    repeated: c === 11,
  })),
}));

const sqlOf = (n: number) =>
  n % 5 === 0
    ? `SELECT c0 FROM table_${n % 20} WHERE unknown_${n} = 1`
    : `WITH a AS (SELECT c1, c0, STRUCT(c2 AS x${n}, c4) AS s FROM table_${n % 20} WHERE c1 LIKE '%${n}%')
SELECT a.c1, COUNT(*) AS n, SUM(b.c3) AS total, ANY_VALUE(a.s.x${n}) AS one
FROM a JOIN table_${(n + 1) % 20} AS b ON b.c1 = a.c1
GROUP BY a.c1 QUALIFY ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC) <= 10 ORDER BY n DESC LIMIT 100`;

function analyzerMb(): number {
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
      if (parent !== process.pid || !readlinkSync(`/proc/${pid}/exe`).endsWith('sql-analyzer')) continue;
      return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096) / 1024 ** 2;
    } catch {
      // It ended meanwhile.
    }
  }
  return 0;
}

test(`${texts} different texts leave the process as large as the first thousands did`, async () => {
  const megabytes: number[] = [];
  const started = performance.now();
  for (let n = 0; n < texts; n++) {
    const answer = await analyzeSql({ sql: sqlOf(n), tables });
    if (answer.ok !== (n % 5 !== 0)) expect(answer).toBe(n);
    if ((n + 1) % 2_000 === 0) megabytes.push(Math.round(analyzerMb()));
  }
  const ms = (performance.now() - started) / texts;
  console.log(`the SQL analyzer: ${ms.toFixed(2)} ms a text; MB after each 2,000 texts: ${megabytes.join(', ')}`);
  expect(Math.min(...megabytes)).toBeGreaterThan(10);
  expect(megabytes.at(-1)).toBeLessThan((megabytes[1] ?? 0) * 1.25);
}, 400_000);

test('tables of thousands of columns, each of another customer, do not fill the process', async () => {
  const megabytes: number[] = [];
  for (let customer = 0; customer < 40; customer++) {
    const wide = Array.from({ length: 20 }, (_, t) => ({
      name: `wide_${customer}_${t}`,
      columns: Array.from({ length: 1_000 }, (_, c) => ({ name: `column_${c}`, type: 'STRING', repeated: false })),
    }));
    const answer = await analyzeSql({ sql: `SELECT column_7 FROM wide_${customer}_3`, tables: wide });
    expect(answer).toMatchObject({ ok: true, tables: [`wide_${customer}_3`] });
    megabytes.push(Math.round(analyzerMb()));
  }
  console.log(`the SQL analyzer: MB after each 20,000 columns: ${megabytes.join(', ')}`);
  expect(Math.max(...megabytes)).toBeLessThan(300);
}, 400_000);
