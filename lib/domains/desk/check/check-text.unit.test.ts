import { describe, expect, test } from 'vitest';
import { checkText } from '@/lib/domains/desk/check/check-text';
import { longestSqlBytes } from '@/lib/domains/desk/rules';

const tables = ['chat_events', 'pipeline_runs', 'sessions'];
const check = (sql: string, limit = 1_000) => checkText(sql, { tables, limit });

/** A text and the one that runs for it. */
const runs: [text: string, ran: string][] = [
  ['SELECT status FROM pipeline_runs', 'SELECT status FROM pipeline_runs\nLIMIT 1000'],
  ['SELECT status FROM pipeline_runs;', 'SELECT status FROM pipeline_runs\nLIMIT 1000'],
  ['SELECT status FROM pipeline_runs ; -- done', 'SELECT status FROM pipeline_runs\nLIMIT 1000'],
  ['SELECT 1 -- one', 'SELECT 1\nLIMIT 1000'],
  ['SELECT 1 # one\n', 'SELECT 1\nLIMIT 1000'],
  ["SELECT '--', '/*' /* \u{1f600} */, 2", "SELECT '--', '/*'         , 2\nLIMIT 1000"],
  ['SELECT 1 LIMIT 5', 'SELECT 1 LIMIT 5'],
  ['SELECT 1 LIMIT 5 OFFSET 2;', 'SELECT 1 LIMIT 5 OFFSET 2'],
  ['(SELECT 1 LIMIT 5)', '(SELECT 1 LIMIT 5)'],
  ['(SELECT status FROM pipeline_runs ORDER BY 1)', '(SELECT status FROM pipeline_runs ORDER BY 1\nLIMIT 1000)'],
  ['(SELECT 1) LIMIT 5', '(SELECT 1) LIMIT 5'],
  ['SELECT 1 UNION ALL SELECT 2', 'SELECT 1 UNION ALL SELECT 2\nLIMIT 1000'],
  ['(SELECT 1 LIMIT 1) UNION ALL (SELECT 2 LIMIT 1)', '(SELECT 1 LIMIT 1) UNION ALL (SELECT 2 LIMIT 1)\nLIMIT 1000'],
  ['SELECT 1 UNION ALL SELECT 2 ORDER BY 1 LIMIT 1', 'SELECT 1 UNION ALL SELECT 2 ORDER BY 1 LIMIT 1'],
  [
    'SELECT status FROM pipeline_runs ORDER BY 1 DESC NULLS LAST',
    'SELECT status FROM pipeline_runs ORDER BY 1 DESC NULLS LAST\nLIMIT 1000',
  ],
  ['SELECT (SELECT 1 LIMIT 1)', 'SELECT (SELECT 1 LIMIT 1)\nLIMIT 1000'],
  [
    'WITH a AS (SELECT 1 AS x LIMIT 3) SELECT x FROM a',
    'WITH a AS (SELECT 1 AS x LIMIT 3) SELECT x FROM a\nLIMIT 1000',
  ],
  ['WITH a AS (SELECT 1 AS x) (SELECT x FROM A)', 'WITH a AS (SELECT 1 AS x) (SELECT x FROM A\nLIMIT 1000)'],
];

/** A refused text, where, and words of the sentence. */
const refusals: [text: string, place: string, words: string][] = [
  ['', '', 'Write a SELECT'],
  ['  -- nothing', '', 'Write a SELECT'],
  [';', '', 'Write a SELECT'],
  ['SELECT 1; SELECT 2', '1:11', 'one statement'],
  ['DELETE FROM pipeline_runs WHERE TRUE', '1:1', 'one SELECT'],
  ['SELECT *\nFROM other.pipeline_runs', '2:6', 'named by one word'],
  ['SELECT *\r\nFROM\r\n  `p.d.t`', '3:3', 'named by one word'],
  ['SELECT * FROM pipeline_run', '1:15', '`pipeline_run` is not one of your tables'],
  ['SELECT * FROM Pipeline_Runs', '1:15', 'small letters: `pipeline_runs`'],
  ['SELECT * FROM chat_events c, c.tags', '1:30', 'UNNEST'],
  ['SELECT * FROM chat_events, chat_events.tags', '1:28', 'UNNEST(table.column)'],
  ['WITH sessions AS (SELECT 1) SELECT * FROM sessions', '1:6', 'is a table'],
  ['WITH a AS (SELECT 1), A AS (SELECT 2) SELECT 1', '1:23', 'Two WITH queries'],
  ['WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a', '1:26', 'not one of your tables'],
  ['SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a), a', '1:55', 'not one of your tables'],
  ['WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a', '1:1', 'RECURSIVE'],
  ["SELECT r'a'", '1:8', 'prefix r'],
  ['SELECT\n  Rb"a"', '2:3', 'prefix Rb'],
  ["SELECT b'a'", '1:8', "prefix b cannot be used; write CAST('…' AS BYTES), or FROM_HEX('…')."],
  ["SELECT 'a''b'", '1:10', 'follow each other'],
  ["SELECT 'a' 'b'", '1:12', 'follow each other'],
  ["SELECT '''a'''", '1:9', 'follow each other'],
  ["SELECT 'a\\\\'", '1:11', 'end with a backslash'],
  ["SELECT 'a\\'", '1:10', 'between "'],
  ["SELECT '\\x27'", '1:9', 'by their number'],
  ["SELECT 'a", '1:8', 'does not end'],
  ['SELECT 1 LIMIT 1, 2', '1:10', 'OFFSET'],
  ["SELECT 'a\n'", '1:8', 'ends on the line'],
  ["SELECT '\\q'", '1:9', 'no such escape'],
  ['SELECT 1 /* a', '1:10', 'does not end'],
  ['SELECT 1 /* a /* b */ */', '1:15', 'in one another'],
  ['SELECT @a', '1:8', 'Parameters'],
  ['SELECT @@project_id', '1:8', 'system variables'],
  ['SELECT ?', '1:8', 'Parameters'],
  ['FROM pipeline_runs |> LIMIT 1', '1:1', 'begins with SELECT (or WITH): pipe syntax'],
  ['SELECT * FROM pipeline_runs |> LIMIT 1', '1:29', 'Pipe syntax'],
  ['how many runs failed yesterday?', '1:1', 'begins with SELECT (or WITH), for example: SELECT status'],
  ['/* all */\nSHOW TABLES', '2:1', 'begins with SELECT (or WITH), for example'],
  ['explain select 1', '1:1', 'begins with SELECT (or WITH), for example'],
  ['\u00bfcu\u00e1ntos?', '1:1', 'begins with SELECT (or WITH), for example'],
  ['```sql\nSELECT 1\n```', '1:1', 'begins with SELECT (or WITH), for example'],
  ['INSERT INTO a VALUES (?)', '1:1', 'one SELECT'],
  ['\u200bSELECT 1', '1:1', 'cannot be seen'],
  ['SELECT * FROM pipeline_runs FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()', '1:15', 'Time travel'],
  ['SELECT SESSION_USER()', '1:8', '`SESSION_USER` cannot be used'],
  ['SELECT session_user', '1:8', '`session_user` cannot be used'],
  ["SELECT * FROM read_csv('x')", '1:15', 'except UNNEST'],
  ["SELECT x.read_text('x')", '1:8', '`x.read_text` cannot be used'],
  ['SELECT \u0430 FROM pipeline_runs', '1:8', 'only inside a literal'],
  ['SELECT \u2018a\u2019', '1:8', "write a straight ' or"],
  ['SELECT \u201ca\u201d', '1:8', "write a straight ' or"],
  ['SELECT TOP 10 status FROM pipeline_runs', '1:8', 'no TOP; write LIMIT 10 at the end'],
  ["SELECT 1 FROM pipeline_runs WHERE status ILIKE 'a%'", '1:42', 'LOWER(x) LIKE'],
  ['SELECT Now()', '1:8', '`Now` cannot be used here. In GoogleSQL write CURRENT_TIMESTAMP()'],
  ['SELECT x.now()', '1:8', '`x.now` cannot be used here.'],
  ['SELECT DATEADD(day, 1, start_time) FROM pipeline_runs', '1:8', 'write TIMESTAMP_ADD(x, INTERVAL 1 DAY)'],
  ['SELECT constructor(1)', '1:8', '`constructor` cannot be used here.'],
  ['SELECT\u00a01', '1:7', 'Only spaces'],
  ['SELECT 1\u200b', '1:9', 'cannot be seen'],
  ['SELECT 1 -- \u202e', '1:13', 'cannot be seen'],
  ["SELECT '\u0000'", '1:9', 'control character'],
  ["SELECT '\ud800'", '1:9', 'half a character'],
  ['SELECT end FROM sessions', '1:8', '`end` on; a name that is a keyword'],
  ['SELECT model AS end FROM sessions', '1:17', '`end` on; a name that is a keyword'],
  ['SELECT model FROM sessions WHERE', '1:33', 'ends too early'],
  ['SELECT (1', '1:8', 'not closed'],
  ['SELECT 1)', '1:9', 'closes none'],
  ['SELECT 1 LIMIT 9223372036854775808', '1:10', 'whole numbers'],
  ['SELECT 1 LIMIT 1 + 1', '1:10', 'whole numbers'],
  ['SELECT 99999999999999999999', '1:8', 'too large'],
  ['SELECT 1 LIMIT 1 UNION ALL SELECT 2', '1:10', 'in brackets'],
  [`SELECT ${'('.repeat(101)}1${')'.repeat(101)}`, '1:108', '100 brackets'],
  [`SELECT '${'a'.repeat(longestSqlBytes)}'`, '', `${longestSqlBytes} bytes`],
  [`SELECT ${'1+'.repeat(1_200)}1`, '', 'too deeply'],
];

describe('the text layer', () => {
  test.each(runs)('runs %j as one SELECT with a limit', (text, ran) => {
    expect(check(text)).toMatchObject({ ok: true, sql: ran });
  });

  test.each(refusals)('refuses %j and says where and why', (text, place, words) => {
    const answer = check(text);
    expect(answer.ok).toBe(false);
    if (answer.ok) return;
    expect(answer.line === null ? '' : `${answer.line}:${answer.column}`).toBe(place);
    expect(answer.reason).toContain(words);
  });

  test('runs what it tells people to write for functions of other dialects', () => {
    const told = ['now', 'getdate', 'dateadd', 'datediff', 'date_part', 'year', 'month', 'to_char', 'date_format']
      .concat('to_date', 'nvl', 'len', 'iif', 'group_concat', 'listagg')
      .map(name => {
        const answer = check(`SELECT ${name}(a)`);
        return answer.ok ? '' : (/In GoogleSQL write (.*?)(?:, or .*)?\.$/.exec(answer.reason)?.[1] ?? name);
      });
    expect(told.filter(written => !written.includes('('))).toEqual([]);
    expect(told.filter(written => !check(`SELECT ${written}`).ok)).toEqual([]);
  });

  test('names the tables that a text reads, sorted and once each', () => {
    const text =
      'SELECT 1 FROM sessions WHERE EXISTS (SELECT 1 FROM chat_events JOIN sessions AS s USING (session_id))';
    expect(check(text)).toMatchObject({ ok: true, tables: ['chat_events', 'sessions'] });
  });

  test('is done in time with a text on which the parser would be busy for hours', () => {
    const started = performance.now();
    for (const text of [`${'('.repeat(40)}SELECT 1 1${')'.repeat(40)}`, `SELECT ${'('.repeat(60)}1 1${')'.repeat(60)}`])
      expect(check(text)).toMatchObject({ ok: false });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
