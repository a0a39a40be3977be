/** The query desk: what can be asked, what it costs, and how programs ask. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { newUuid } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';
import {
  defaultLimit,
  historyDays,
  longestSqlBytes,
  mostRunning,
  mostSavedQueries,
  resultHours,
  resultRows,
} from '@/lib/domains/desk/rules';

const tables: readonly (readonly [string, string])[] = [
  ['Metadata', '`pipeline_runs`, `run_details`, `step_logs`, `dq_results`'],
  ['AI usage', '`sessions`, `session_details`, `ai_usage_days`, `pull_requests`, `pull_request_details`, `commits`'],
  ['Agent log', '`chat_events`, `tool_executions`, `repo_snapshots`'],
  ['Events', '`events_<dataset>_<table>`, one for each table of each event source, by the dataset of the source'],
];

const failuresByPipeline =
  "SELECT pipeline_id, COUNT(*) AS runs, COUNTIF(status = 'FAILED') AS failed FROM pipeline_runs GROUP BY pipeline_id ORDER BY failed DESC";

const count = (value: number): string => value.toLocaleString('en-US');

const content = ({ portal: address }: Addresses): DocsPage => ({
  slug: 'desk',
  title: 'Query desk',
  lead: 'Ask your organization’s own data by SQL. A query says what it reads and costs before it runs, and cannot bill more than its cap.',
  sections: [
    {
      id: 'ask',
      title: 'What can be asked',
      blocks: [
        'One `SELECT` of GoogleSQL, with `WITH`, joins, `UNION`, window functions and `UNNEST`, over the tables that the desk lists with their columns. A name of a table is one word.',
        { caption: 'Tables by group', head: ['Group', 'Tables'], rows: tables },
        'Some tables are read with a filter of days only, as BigQuery itself asks: `step_logs` by `start_time`, `dq_results` by `ingestion_date`. The list of tables says which.',
        `A text without a \`LIMIT\` gets one: ${count(defaultLimit)}, unless you choose another. A result has at most ${count(resultRows)} rows that can be read; BigQuery keeps it for ${resultHours} hours, so its pages and its CSV cost nothing.`,
        'Owners, admins and collaborators may query; a program needs a key with the scope `desk:query`.',
        { tryIt: 'Open the desk', href: '/desk' },
      ],
    },
    {
      id: 'not-possible',
      title: 'What is refused',
      blocks: [
        'Several statements, scripts, `CREATE`, `INSERT` and the like, other datasets and projects, wildcard and external tables, `INFORMATION_SCHEMA`, time travel, functions of your own, `EXTERNAL_QUERY`, models, system variables, parameters and pipe syntax. A refusal names the line and column; nothing is billed.',
        {
          terms: [
            { term: 'Text', text: 'Only syntax, functions and tables of a list are let through.' },
            {
              term: 'Analyzer',
              text: 'Google’s own analyzer of SQL resolves the text in a catalog that holds your tables and nothing else.',
            },
            {
              term: 'BigQuery',
              text: 'A dry run must read your tables only, and is sent, as the query is, by an account that may read nothing else.',
            },
          ],
        },
        'All three decide, each by itself. Without the analyzer [the desk is closed](/docs/errors#desk_closed).',
      ],
    },
    {
      id: 'cost',
      title: 'What a query may cost',
      blocks: [
        {
          list: [
            '**Before**: a check says the bytes and their price. BigQuery bills at least 10 MiB a table.',
            '**Cap**: the least of the operator’s, your organization’s, the key’s and the query’s own `max_bytes_billed`. A query above it [does not run](/docs/errors#query_over_cap).',
            '**Budget**: all queries of an organization on a UTC day share one; what runs counts with its estimate until it has ended.',
            `**At the same time**: ${mostRunning} queries of an organization.`,
          ],
        },
        'Admins set caps under Limits, for the organization and for each key.',
        { tryIt: 'See the limits', href: '/desk/settings' },
      ],
    },
    {
      id: 'estimate',
      title: 'Ask what a query would cost',
      blocks: [
        {
          sample: requestSample('desk-estimate', 'Estimate a query', {
            method: 'POST',
            address,
            path: ['/api/desk/estimate'],
            auth: 'key',
            body: { sql: failuresByPipeline },
          }),
        },
        '`fits` is `yes`, `over_cap` or `over_day`. A text that is refused answers [`query_refused`](/docs/errors#query_refused) with its place.',
      ],
    },
    {
      id: 'run',
      title: 'Run a query',
      blocks: [
        {
          sample: requestSample('desk-run', 'Run a query', {
            method: 'POST',
            address,
            path: ['/api/desk/queries'],
            auth: 'key',
            body: { sql: failuresByPipeline, limit: 100, max_bytes_billed: 104_857_600, request_token: newUuid },
          }),
        },
        'The answer has the first rows, the bytes billed and an id, by which `/api/desk/queries/<id>/rows` reads more of them. The same `request_token` again is the same query, billed once.',
        'A query of a key is also a call of the tool `run_query` in the [agent log](/docs/agent-log), with the bytes that it billed.',
      ],
    },
    {
      id: 'kept',
      title: 'What is kept',
      blocks: [
        {
          list: [
            `Queries for ${historyDays} days: text, tables, bytes, rows. People and keys see their own.`,
            'The audit log says that a query ran, with its tables and bytes, and so does the agent log of one that a key asked; neither has its text.',
            `Up to ${mostSavedQueries} saved queries, for everybody in the organization who may query.`,
            `A text has at most ${count(longestSqlBytes)} bytes.`,
          ],
        },
      ],
    },
  ],
});

export const desk: PageEntry = { slug: 'desk', title: 'Query desk', content };
