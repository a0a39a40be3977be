import { afterEach, expect, test } from 'vitest';
import { fixedTables } from '@/lib/domains/desk/catalog/fixed-tables';
import { withinCheckBudget } from '@/lib/domains/desk/check/check-budget';
import { checkQuery } from '@/lib/domains/desk/check/check-query';
import { goodTexts } from '@/lib/domains/desk/check/corpus/good';
import { env } from '@/lib/platform/env';
import type { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';
import { forgetProcessWide } from '@/lib/platform/process-wide';
import { closeAnalyzer } from '@/lib/platform/sql-analyzer/analyze-sql';

const tables = fixedTables().map(({ table }) => table);
const question = {
  tables: tables.map(({ name }) => name),
  columnsOf: async (names: readonly string[]) => tables.filter(({ name }) => names.includes(name)),
  limit: 10,
};
const check = (sql: string) => checkQuery(sql, question);
const refusalOf = (checked: Promise<unknown>) =>
  checked.then(
    () => null,
    (error: AppError) => ({ code: error.code, ...error.details }),
  );
const refusal = (sql: string) => refusalOf(check(sql));
const analyzerPath = env().SQL_ANALYZER;

afterEach(() => {
  env().SQL_ANALYZER = analyzerPath;
});

test('a text that both layers let pass comes back as it runs, with its tables', async () => {
  const text =
    '/* all */ SELECT r.status, s.step_name FROM pipeline_runs AS r JOIN step_logs AS s USING (pipeline_logging_id);';
  expect(await check(text)).toEqual({
    sql: `          ${text.slice(10, -1)}\nLIMIT 10`,
    tables: ['pipeline_runs', 'step_logs'],
  });
});

test('a refusal says which layer, why, and where in the text as it was written', async () => {
  expect(await refusal('SELECT 1\nFROM other.pipeline_runs')).toMatchObject({
    code: 'query_refused',
    layer: 'text',
    reason: expect.stringContaining('one word'),
    line: 2,
    column: 6,
  });
  expect(await refusal('/* a */ SELECT status,\n  stats FROM pipeline_runs')).toMatchObject({
    code: 'query_refused',
    layer: 'analyzer',
    reason: expect.stringContaining('stats'),
    line: 2,
    column: 3,
  });
});

/** A type that doubles at each level: the analyzer finishes it, after a while. */
const doubling = (levels: number) =>
  `WITH ${['c0 AS (SELECT STRUCT(1 AS a, 2 AS b) AS x)']
    .concat(Array.from({ length: levels }, (_, i) => `c${i + 1} AS (SELECT STRUCT(x AS a, x AS b) AS x FROM c${i})`))
    .join(', ')} SELECT x FROM c${levels}`;

test('the analyzer’s work on texts that it lets pass counts too: who sends many of them waits', async () => {
  const customerId = newId('cus');
  const ask = () =>
    withinCheckBudget(customerId, worked => checkQuery(doubling(15), { ...question, worked })).then(
      ({ tables: read }) => read,
      (error: AppError) => error.code,
    );
  const answers: unknown[] = [];
  while (answers.length < 60 && answers.at(-1) !== 'rate_limited') answers.push(await ask());
  expect(answers[0]).toEqual([]);
  expect(answers.at(-1)).toBe('rate_limited');
});

test('columns are asked of the tables that the text names, once, and not for a text that is refused; many take their time', async () => {
  const text = 'SELECT r.status, s.step_name FROM step_logs AS s, pipeline_runs AS r';
  const columns = Array.from({ length: 1_000 }, (_, n) => ({ name: `c${n}`, type: 'STRING', repeated: false }));
  const told = async (sql: string, more: typeof columns) => {
    const [asked, ms]: [(readonly string[])[], number[]] = [[], []];
    const columnsOf = async (names: readonly string[]) => {
      asked.push(names);
      const known = await question.columnsOf(names);
      return known.map(table => ({
        ...table,
        columns: [...table.columns, ...more.map(c => ({ ...c, description: '' }))],
      }));
    };
    await refusalOf(checkQuery(sql, { ...question, columnsOf, worked: each => ms.push(each) }));
    return { asked, ms };
  };
  expect(await told('SELECT ?', columns)).toMatchObject({ asked: [], ms: [expect.any(Number)] });
  const [few, many] = [await told(text, []), await told(text, columns)];
  expect(few.asked).toEqual([['pipeline_runs', 'step_logs']]);
  expect(many.ms[1]).toBeGreaterThan(10 * (few.ms[1] ?? 0));
});

test('every good text of the corpus passes both layers', async () => {
  const refused: unknown[] = [];
  for (const text of goodTexts) {
    const answer = await refusal(text);
    if (answer) refused.push([text, answer]);
  }
  expect(refused).toEqual([]);
});

test('without an analyzer the desk is closed for a minute, whatever is asked', async () => {
  closeAnalyzer();
  forgetProcessWide('sql-analyzer');
  env().SQL_ANALYZER = undefined;
  await expect(check('SELECT status FROM pipeline_runs')).rejects.toMatchObject({
    code: 'desk_closed',
    retryAfterSeconds: 60,
  });
});
