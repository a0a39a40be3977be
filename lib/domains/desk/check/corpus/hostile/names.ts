/** Names that are not what they seem, and WITH queries that take the place of tables. */
import { each, type HostileGroup, type Targets } from '@/lib/domains/desk/check/corpus/targets';

const aim = ({ foreign, table }: Targets) => `${foreign[0]}.${table}`;

/** `pipeline_runs` written with signs that look alike, or with ones that cannot be seen. */
const alike: readonly string[] = [
  'p\u0456peline_runs',
  'pipel\u0456ne_runs',
  'pipeline_run\u0455',
  'p\u0131peline_runs',
  '\u0440ipeline_runs',
  'pip\u0435line_runs',
  'pipeline\u02cdruns',
  'pipeline\uff3fruns',
  '\uff50ipeline_runs',
  'pipeline_run\uff53',
  'pipeline_runs\u200b',
  'pipeline\u200c_runs',
  'pipe\u200dline_runs',
  '\ufeffpipeline_runs',
  'pipeline_runs\u00ad',
  'pipe\u2060line_runs',
  'pipeline_runs\u0301',
  '\u202epipeline_runs',
  'pipeline_runs\u202c',
  'pipeline\u00a0_runs',
  'pipeline_runs\u3000',
  '\u2003pipeline_runs',
  '\u{1d429}ipeline_runs',
  'pipeline\u203fruns',
  'pipeline_run\u017f',
  'pipeline_runs\u034f',
  'pipeline_runs\u3164',
  '\u01bfipeline_runs',
  'pipel\u{10ffff}ine_runs',
  'pipeline_runs\ufe0f',
];

const shadows: readonly string[] = [
  'pipeline_runs',
  'Pipeline_Runs',
  'PIPELINE_RUNS',
  'sessions',
  'chat_events',
  'tool_executions',
];

export const nameGroups: readonly HostileGroup[] = [
  {
    name: 'look-alike names',
    about: 'Names whose letters look like those of a table, or hold what cannot be seen.',
    texts: () =>
      each(
        alike,
        name => `SELECT * FROM ${name}`,
        name => `SELECT * FROM \`${name}\``,
        name => `WITH ${name} AS (SELECT 1) SELECT * FROM pipeline_runs`,
      ),
  },
  {
    name: 'shadowing',
    about: 'A WITH query named as a table, so that a reader takes one for the other.',
    texts: targets => [
      ...each(shadows, name => `WITH ${name} AS (SELECT * FROM ${aim(targets)}) SELECT * FROM ${name}`),
      ...each(shadows, name => `WITH ${name} AS (SELECT 1 AS x) SELECT * FROM ${name}`),
      ...each(shadows, name => `WITH \`${name}\` AS (SELECT * FROM pipeline_runs) SELECT * FROM ${name}`),
      ...each(
        shadows,
        name => `SELECT * FROM (WITH ${name} AS (SELECT canary FROM ${aim(targets)}) SELECT * FROM ${name})`,
      ),
    ],
  },
  {
    name: 'scopes',
    about: 'Names of WITH queries used where they cannot be seen, so that they mean something else there.',
    texts: targets => {
      const d = targets.foreign[0];
      return [
        `SELECT * FROM (WITH users AS (SELECT 1) SELECT * FROM users), users`,
        `WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a`,
        `WITH a AS (SELECT * FROM a) SELECT * FROM a`,
        `WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) SELECT * FROM a`,
        `WITH RECURSIVE a AS (SELECT * FROM ${aim(targets)}) SELECT * FROM a`,
        `WITH ${d} AS (SELECT 1 AS x) SELECT * FROM ${aim(targets)}`,
        `SELECT * FROM pipeline_runs AS ${d}, ${aim(targets)}`,
        `SELECT * FROM pipeline_runs AS ${d} JOIN ${aim(targets)} ON TRUE`,
        `SELECT (SELECT MAX(canary) FROM ${aim(targets)}) FROM pipeline_runs AS ${d}`,
        `WITH a AS (SELECT 1), a AS (SELECT * FROM ${aim(targets)}) SELECT * FROM a`,
        `WITH a AS (SELECT 1), A AS (SELECT 2) SELECT * FROM a`,
        `(WITH sqlite_master AS (SELECT 1 AS x) SELECT x FROM sqlite_master) UNION ALL SELECT name FROM sqlite_master`,
        `SELECT 1 UNION ALL (WITH duckdb_tables AS (SELECT 1) SELECT * FROM duckdb_tables) UNION ALL SELECT * FROM duckdb_tables`,
        `SELECT EXISTS (WITH pg_class AS (SELECT 1) SELECT * FROM pg_class) FROM pg_class`,
        `WITH a AS (WITH b AS (SELECT 1 AS x) SELECT * FROM b) SELECT * FROM b`,
        `WITH a (x) AS (SELECT * FROM ${aim(targets)}) SELECT * FROM a`,
        `WITH a AS MATERIALIZED (SELECT * FROM ${aim(targets)}) SELECT * FROM a`,
        `WITH a AS (DELETE FROM pipeline_runs WHERE TRUE) SELECT 1`,
        `WITH a AS (INSERT INTO pipeline_runs (status) VALUES ('x') RETURNING *) SELECT * FROM a`,
        `WITH a AS (TABLE pipeline_runs) SELECT * FROM a`,
        `SELECT * FROM pipeline_runs AS p(a, b, c)`,
        `SELECT * FROM pipeline_runs p, p.parameters`,
        `SELECT * FROM chat_events e, e.content.items`,
        `SELECT * FROM pull_request_details d, d.co_authors AS c`,
        `SELECT * FROM pull_request_details, pull_request_details.co_authors`,
        `SELECT * FROM pipeline_runs, LATERAL (SELECT * FROM ${aim(targets)})`,
      ];
    },
  },
];
