import { afterAll, expect, test } from 'vitest';
import { type AnalyzerTable, analyzeSql, closeAnalyzer, isAnalyzerSet } from '@/lib/platform/sql-analyzer/analyze-sql';

afterAll(closeAnalyzer);

const column = (name: string, type: string, repeated = false) => ({ name, type, repeated });

const catalog: AnalyzerTable[] = [
  {
    name: 'pipeline_runs',
    columns: [
      column('run_id', 'STRING'),
      column('status', 'STRING'),
      column('started_at', 'TIMESTAMP'),
      column('ended_at', 'TIMESTAMP'),
      column('run_day', 'DATE'),
      column('row_count', 'INT64'),
      column('score', 'FLOAT64'),
      column('cost', 'NUMERIC'),
      column('is_late', 'BOOL'),
      column('parameters', 'JSON'),
      column('digest', 'BYTES'),
      column('tags', 'STRING', true),
    ],
  },
  { name: 'step_logs', columns: [column('step_id', 'STRING'), column('run_id', 'STRING'), column('ms', 'INT64')] },
];

type Accepted = { sql: string; tables: string[]; columns: [name: string, type: string][] };
const runs = ['pipeline_runs'];
const both = ['pipeline_runs', 'step_logs'];
const accepts = (sql: string, tables: string[], ...columns: [string, string][]): Accepted => ({ sql, tables, columns });

const accepted: Accepted[] = [
  accepts('SELECT 1', [], ['f0_', 'INT64']),
  accepts('SELECT 1 AS a, 2, 3;', [], ['a', 'INT64'], ['f0_', 'INT64'], ['f1_', 'INT64']),
  accepts('SELECT run_id, tags FROM pipeline_runs', runs, ['run_id', 'STRING'], ['tags', 'ARRAY<STRING>']),
  accepts(
    'SELECT * EXCEPT (ms), ms * 2 AS twice FROM step_logs',
    ['step_logs'],
    ['step_id', 'STRING'],
    ['run_id', 'STRING'],
    ['twice', 'INT64'],
  ),
  accepts(
    'SELECT r.run_id, COUNT(*) AS n FROM pipeline_runs AS r JOIN step_logs USING (run_id) GROUP BY 1 ORDER BY n DESC LIMIT 10',
    both,
    ['run_id', 'STRING'],
    ['n', 'INT64'],
  ),
  accepts('SELECT s.ms FROM pipeline_runs r LEFT JOIN step_logs s ON s.run_id = r.run_id AND NOT r.is_late', both, [
    'ms',
    'INT64',
  ]),
  accepts('SELECT a.run_id FROM step_logs a CROSS JOIN step_logs b', ['step_logs'], ['run_id', 'STRING']),
  accepts(
    'WITH slow AS (SELECT run_id FROM step_logs WHERE ms > 1000) SELECT COUNT(*) AS n FROM slow',
    ['step_logs'],
    ['n', 'INT64'],
  ),
  accepts('WITH unread AS (SELECT * FROM step_logs) SELECT status FROM pipeline_runs', both, ['status', 'STRING']),
  accepts('WITH step_logs AS (SELECT 1 AS ms) SELECT ms FROM step_logs', [], ['ms', 'INT64']),
  accepts('SELECT run_id FROM pipeline_runs WHERE run_id IN (SELECT run_id FROM step_logs)', both, [
    'run_id',
    'STRING',
  ]),
  accepts('SELECT (SELECT MAX(ms) FROM step_logs s WHERE s.run_id = r.run_id) AS longest FROM pipeline_runs r', both, [
    'longest',
    'INT64',
  ]),
  accepts(
    'SELECT run_id FROM pipeline_runs r WHERE EXISTS (SELECT 1 FROM step_logs s WHERE s.run_id = r.run_id)',
    both,
    ['run_id', 'STRING'],
  ),
  accepts('SELECT run_id FROM pipeline_runs UNION ALL SELECT run_id FROM step_logs', both, ['run_id', 'STRING']),
  accepts('SELECT run_id FROM pipeline_runs EXCEPT DISTINCT SELECT run_id FROM step_logs', both, ['run_id', 'STRING']),
  accepts(
    'SELECT run_id, tag FROM pipeline_runs, UNNEST(tags) AS tag WITH OFFSET AS place',
    runs,
    ['run_id', 'STRING'],
    ['tag', 'STRING'],
  ),
  accepts('SELECT tag FROM pipeline_runs r, r.tags AS tag', runs, ['tag', 'STRING']),
  accepts(
    'SELECT tags[SAFE_OFFSET(0)] AS first, ARRAY_LENGTH(tags) AS n FROM pipeline_runs',
    runs,
    ['first', 'STRING'],
    ['n', 'INT64'],
  ),
  accepts('SELECT ARRAY(SELECT t FROM UNNEST(tags) AS t ORDER BY t) AS sorted FROM pipeline_runs', runs, [
    'sorted',
    'ARRAY<STRING>',
  ]),
  accepts('SELECT ARRAY_AGG(run_id IGNORE NULLS ORDER BY started_at DESC LIMIT 3) AS last FROM pipeline_runs', runs, [
    'last',
    'ARRAY<STRING>',
  ]),
  accepts(
    'SELECT day FROM UNNEST(GENERATE_DATE_ARRAY(DATE "2026-01-01", DATE "2026-01-31")) AS day',
    [],
    ['day', 'DATE'],
  ),
  accepts(
    'SELECT run_id FROM pipeline_runs WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY status ORDER BY started_at DESC) = 1',
    runs,
    ['run_id', 'STRING'],
  ),
  accepts(
    'SELECT LAG(cost) OVER w AS before FROM pipeline_runs WINDOW w AS (PARTITION BY status ORDER BY run_day)',
    runs,
    ['before', 'NUMERIC'],
  ),
  accepts(
    'SELECT SUM(row_count) OVER (ORDER BY started_at ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week FROM pipeline_runs',
    runs,
    ['week', 'INT64'],
  ),
  accepts('SELECT PERCENTILE_CONT(score, 0.5) OVER () AS median FROM pipeline_runs', runs, ['median', 'FLOAT64']),
  accepts('SELECT APPROX_QUANTILES(row_count, 100)[OFFSET(95)] AS p95 FROM pipeline_runs', runs, ['p95', 'INT64']),
  accepts(
    'SELECT status, AVG(score) AS mean FROM pipeline_runs GROUP BY ALL HAVING mean > 1',
    runs,
    ['status', 'STRING'],
    ['mean', 'FLOAT64'],
  ),
  accepts(
    'SELECT status, run_day, SUM(cost) AS cost FROM pipeline_runs GROUP BY ROLLUP (status, run_day)',
    runs,
    ['status', 'STRING'],
    ['run_day', 'DATE'],
    ['cost', 'NUMERIC'],
  ),
  accepts(
    'SELECT status, GROUPING(status) AS g FROM pipeline_runs GROUP BY GROUPING SETS (status, ())',
    runs,
    ['status', 'STRING'],
    ['g', 'INT64'],
  ),
  accepts(
    'SELECT ANY_VALUE(run_id HAVING MAX cost) AS dearest, COUNT(DISTINCT status) AS n FROM pipeline_runs',
    runs,
    ['dearest', 'STRING'],
    ['n', 'INT64'],
  ),
  accepts(
    'SELECT * FROM (SELECT status, cost FROM pipeline_runs) PIVOT (SUM(cost) AS c FOR status IN ("OK" AS ok, "FAILED" AS failed))',
    runs,
    ['c_ok', 'NUMERIC'],
    ['c_failed', 'NUMERIC'],
  ),
  accepts(
    'SELECT k, v FROM (SELECT ms, 2 * ms AS again FROM step_logs) UNPIVOT (v FOR k IN (ms, again))',
    ['step_logs'],
    ['k', 'STRING'],
    ['v', 'INT64'],
  ),
  accepts(
    'SELECT JSON_VALUE(parameters, "$.day") AS day, parameters.source.name AS name FROM pipeline_runs',
    runs,
    ['day', 'STRING'],
    ['name', 'JSON'],
  ),
  accepts(
    'SELECT LAX_INT64(parameters.n) AS n, JSON_QUERY_ARRAY(parameters, "$.list") AS list FROM pipeline_runs',
    runs,
    ['n', 'INT64'],
    ['list', 'ARRAY<JSON>'],
  ),
  accepts('SELECT TO_JSON_STRING(STRUCT(run_id, score)) AS line FROM pipeline_runs', runs, ['line', 'STRING']),
  accepts(
    'SELECT TIMESTAMP_DIFF(ended_at, started_at, SECOND) AS s, DATE_TRUNC(run_day, WEEK(MONDAY)) AS week FROM pipeline_runs',
    runs,
    ['s', 'INT64'],
    ['week', 'DATE'],
  ),
  accepts(
    'SELECT started_at - INTERVAL 7 DAY AS before, run_day + 1 AS next FROM pipeline_runs',
    runs,
    ['before', 'TIMESTAMP'],
    ['next', 'DATE'],
  ),
  accepts(
    'SELECT FORMAT_TIMESTAMP("%F", started_at, "Europe/Berlin") AS day, EXTRACT(HOUR FROM started_at) AS hour FROM pipeline_runs',
    runs,
    ['day', 'STRING'],
    ['hour', 'INT64'],
  ),
  accepts(
    'SELECT SAFE_DIVIDE(cost, row_count) AS each, IF(is_late, "late", "on time") AS what FROM pipeline_runs',
    runs,
    ['each', 'NUMERIC'],
    ['what', 'STRING'],
  ),
  accepts(
    'SELECT COUNTIF(is_late) AS late, LOGICAL_OR(is_late) AS anyone FROM pipeline_runs',
    runs,
    ['late', 'INT64'],
    ['anyone', 'BOOL'],
  ),
  accepts(
    'SELECT REGEXP_EXTRACT(run_id, "[a-z]+") AS word, SAFE.SUBSTR(run_id, 1) AS text FROM pipeline_runs',
    runs,
    ['word', 'STRING'],
    ['text', 'STRING'],
  ),
  accepts('SELECT CASE WHEN status LIKE ANY ("A%", "B%") THEN 1 ELSE 2 END AS n FROM pipeline_runs', runs, [
    'n',
    'INT64',
  ]),
  accepts(
    'SELECT TO_HEX(digest) AS hex, CAST(run_day AS STRING FORMAT "YYYY") AS year FROM pipeline_runs',
    runs,
    ['hex', 'STRING'],
    ['year', 'STRING'],
  ),
  accepts('SELECT STRUCT(1 AS a, "x" AS b) AS s', [], ['s', 'STRUCT<a INT64, b STRING>']),
  accepts('SELECT run_id FROM pipeline_runs TABLESAMPLE SYSTEM (10 PERCENT)', runs, ['run_id', 'STRING']),
];

type Refused = { sql: string; message: RegExp; at: [line: number, column: number] | null };
const refuses = (sql: string, message: RegExp, ...at: [number, number] | []): Refused => ({
  sql,
  message,
  at: at.length ? at : null,
});

const refused: Refused[] = [
  refuses('', /Unexpected end/, 1, 1),
  refuses('SELECT FROM', /SELECT list must not be empty/, 1, 8),
  refuses('SELECT run_idd FROM pipeline_runs', /Unrecognized name: run_idd/, 1, 8),
  refuses('SELECT run_id\nFROM pipeline_runs\nWHERE lenght(run_id) = 1', /Function not found: lenght/, 3, 7),
  refuses('SELECT run_id + 1 FROM pipeline_runs', /No matching signature for operator \+/, 1, 8),
  refuses('SELECT run_id, COUNT(*) AS n FROM pipeline_runs', /neither grouped nor aggregated/, 1, 8),
  refuses('SELECT run_id, run_id FROM pipeline_runs', /Two columns .* run_id; .* AS, or .* b\.\* EXCEPT \(run_id\)/),
  refuses('SELECT 1; SELECT 2', /Expected end of input/, 1, 11),
  refuses('SELECT * FROM others', /Table not found: others/, 1, 15),
  refuses('SELECT * FROM dataset.pipeline_runs', /Table not found/, 1, 15),
  refuses('SELECT * FROM `project.dataset.pipeline_runs`', /Table not found/, 1, 15),
  refuses('SELECT * FROM project-1.dataset.pipeline_runs', /contains '-'/, 1, 15),
  refuses('SELECT * FROM `pipeline_*`', /Table not found/, 1, 15),
  refuses('SELECT * FROM INFORMATION_SCHEMA.TABLES', /Table not found/, 1, 15),
  refuses('SELECT * FROM pipeline_runs FOR SYSTEM_TIME AS OF TIMESTAMP "2026-01-01"', /FOR SYSTEM_TIME AS OF/, 1, 29),
  refuses('SELECT run_id FROM pipeline_runs FOR UPDATE', /FOR UPDATE/, 1, 34),
  refuses('WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM a) SELECT x FROM a', /RECURSIVE/, 1, 1),
  refuses('SELECT run_id FROM pipeline_runs |> WHERE run_id = "1"', /Pipe query syntax/, 1, 34),
  refuses('FROM pipeline_runs', /Unexpected FROM/, 1, 1),
  refuses('SELECT @name', /parameter 'name' not found/, 1, 8),
  refuses('SELECT ?', /Positional parameters/, 1, 8),
  refuses('SELECT @@session_id', /@@session_id/, 1, 8),
  refuses('SELECT SESSION_USER()', /SESSION_USER is not possible/),
  refuses('SELECT session_user() AS me FROM (SELECT 1)', /SESSION_USER is not possible/),
  refuses('SELECT KEYS.NEW_KEYSET("AEAD_AES_GCM_256")', /Function not found: KEYS/, 1, 8),
  refuses('SELECT DETERMINISTIC_ENCRYPT(b"k", "x", "")', /Function not found/, 1, 8),
  refuses('SELECT * FROM EXTERNAL_QUERY("c", "SELECT 1")', /Table-valued functions/, 1, 15),
  refuses('SELECT * FROM ML.PREDICT(MODEL m, TABLE step_logs)', /Table-valued functions/, 1, 15),
  refuses('SELECT * FROM APPENDS(TABLE step_logs, NULL, NULL)', /Table-valued functions/, 1, 15),
  refuses('SELECT ARRAY_FILTER([1, 2], x -> x > 1)', /Lambda/, 1, 29),
  refuses('SELECT @{label = "a"} 1', /not possible here \(Option\)/),
  refuses('SELECT ms FROM step_logs @{force_index = x}', /not possible here \(Option\)/),
  refuses('GRAPH g MATCH (n) RETURN n.id', /Graph query/, 1, 1),
  refuses('SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (epsilon = 1) COUNT(*) FROM step_logs', /WITH/, 1, 8),
  refuses('CREATE TEMP FUNCTION f() AS (1); SELECT f()', /Statement not supported/, 1, 1),
  refuses('CREATE TABLE t AS SELECT 1 AS a', /Statement not supported/, 1, 1),
  refuses('DELETE FROM step_logs WHERE TRUE', /Statement not supported/, 1, 1),
  refuses(
    'MERGE step_logs USING pipeline_runs ON FALSE WHEN NOT MATCHED THEN INSERT ROW',
    /Statement not supported/,
    1,
    1,
  ),
  refuses('EXPORT DATA OPTIONS (uri = "gs://b/*") AS SELECT 1', /Statement not supported/, 1, 1),
  refuses('EXECUTE IMMEDIATE "SELECT 1"', /Statement not supported/, 1, 1),
  refuses('DECLARE x INT64', /DECLARE/, 1, 1),
  refuses('EXPLAIN SELECT 1', /Statement not supported/, 1, 1),
];

test('the tests have an analyzer', () => {
  expect(isAnalyzerSet()).toBe(true);
});

test.each(accepted)('it accepts $sql', async ({ sql, tables, columns }) => {
  expect(await analyzeSql({ sql, tables: catalog })).toMatchObject({
    ok: true,
    tables,
    columns: columns.map(([name, type]) => ({ name, type })),
  });
});

test.each(refused)('it refuses $sql', async ({ sql, message, at }) => {
  const [line, column] = at ?? [null, null];
  expect(await analyzeSql({ sql, tables: catalog })).toMatchObject({
    ok: false,
    message: expect.stringMatching(message),
    line,
    column,
  });
});
