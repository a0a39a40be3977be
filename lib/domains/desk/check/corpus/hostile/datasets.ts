/** Tables of others, in every spelling that a name can have and at every place that a table can stand. */
import { each, type HostileGroup, type Targets } from '@/lib/domains/desk/check/corpus/targets';

/** Spellings of `project.dataset.table`; GoogleSQL takes some, other dialects more. */
const spellings = ({ project: p, table: t }: Targets, d: string): string[] => [
  `${d}.${t}`,
  `${p}.${d}.${t}`,
  `\`${p}.${d}.${t}\``,
  `\`${d}.${t}\``,
  `\`${d}\`.\`${t}\``,
  `\`${d}\`.${t}`,
  `${d}.\`${t}\``,
  `\`${p}\`.\`${d}\`.\`${t}\``,
  `\`${p}\`.${d}.${t}`,
  `\`${p}.${d}\`.${t}`,
  `\`${p}\`.\`${d}.${t}\``,
  `${d} . ${t}`,
  `${d}. ${t}`,
  `${d} .${t}`,
  `${d}\n.\n${t}`,
  `${d}\t.${t}`,
  `${d}/**/.${t}`,
  `${d}./* x */${t}`,
  `${d}--x\n.${t}`,
  `${d}.#x\n${t}`,
  `[${d}.${t}]`,
  `[${p}:${d}.${t}]`,
  `${p}:${d}.${t}`,
  `\`${p}:${d}.${t}\``,
  `"${d}"."${t}"`,
  `"${d}.${t}"`,
  `'${d}.${t}'`,
  `'${d}'.'${t}'`,
  `${d}..${t}`,
  `.${d}.${t}`,
  `${d}.${t}.`,
  `(${d}.${t})`,
  `((${d}.${t}))`,
  `${d.toUpperCase()}.${t.toUpperCase()}`,
  `${d}.${t}@-3600000`,
  `${d}.${t}$20260101`,
  `\`${d}.${t}$20260101\``,
  `\`${d}.*\``,
  `\`${d}.${t.slice(0, 4)}*\``,
  `${d}.main.${t}`,
  `memory.${d}.${t}`,
  `main.${d}.${t}`,
  `"${p}__${d}"."${t}"`,
  `\`${p}__${d}\`.\`${t}\``,
  `\`${p}__${d}.${t}\``,
  `region-us.${d}.${t}`,
];

/** Statements that read a table. */
const places: readonly ((name: string) => string)[] = [
  name => `SELECT * FROM ${name}`,
  name => `SELECT * FROM pipeline_runs JOIN ${name} AS x ON TRUE`,
  name => `SELECT 1 WHERE EXISTS (SELECT 1 FROM ${name})`,
  name => `WITH x AS (SELECT * FROM ${name}) SELECT * FROM x`,
  name => `SELECT status FROM pipeline_runs UNION ALL SELECT CAST(id AS STRING) FROM ${name}`,
  name => `SELECT ARRAY(SELECT AS STRUCT * FROM ${name})`,
];

const foreign = (targets: Targets) => targets.foreign;

export const datasetGroups: readonly HostileGroup[] = [
  {
    name: 'spelled names',
    about: 'A table of another dataset, in every spelling of its name and at every place of a table.',
    texts: targets =>
      places.flatMap((place, index) =>
        each(spellings(targets, foreign(targets)[index % foreign(targets).length] ?? ''), place),
      ),
  },
  {
    name: 'every dataset',
    about: 'Each of the datasets that are there, named in the two plain ways.',
    texts: targets =>
      each(
        foreign(targets),
        d => `SELECT COUNT(*) FROM ${d}.${targets.table}`,
        d => `SELECT x.* FROM \`${targets.project}.${d}.${targets.table}\` AS x`,
        d => `SELECT (SELECT ANY_VALUE(canary) FROM ${d}.${targets.table})`,
        d => `SELECT * FROM pipeline_runs, ${d}.${targets.table}`,
        d => `SELECT * FROM ${d}.${targets.table} FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()`,
        d => `SELECT status FROM pipeline_runs WHERE status IN (SELECT canary FROM ${d}.${targets.table})`,
        d => `SELECT status FROM pipeline_runs ORDER BY (SELECT MAX(canary) FROM ${d}.${targets.table})`,
        d => `SELECT MAX(status) FROM pipeline_runs HAVING (SELECT COUNT(*) FROM ${d}.${targets.table}) > 0`,
        d => `SELECT IF((SELECT COUNT(*) FROM ${d}.${targets.table}) > 0, 'many', 'none')`,
      ),
  },
  {
    name: 'columns of others',
    about: 'A column named by the dataset and table of another, of which FROM says nothing.',
    readsOwnOnly: true,
    texts: targets =>
      each(
        foreign(targets),
        d => `SELECT ${d}.${targets.table}.canary FROM pipeline_runs`,
        d => `SELECT pipeline_runs.${d}.canary FROM pipeline_runs`,
      ),
  },
  {
    name: 'own base tables',
    about: 'The tables beneath the views, with the columns that the views leave out.',
    texts: ({ own, desk, project }) =>
      each(
        ['pipeline_runs', 'run_details', 'sessions', 'session_details', 'api_keys', 'etag_state', 'etl_runs'],
        t => `SELECT * FROM ${own}.${t}`,
        t => `SELECT * FROM \`${project}.${own}.${t}\``,
        t => `SELECT * FROM ${desk}.${t}`,
        t => `SELECT * FROM pipeline_runs AS r JOIN ${own}.${t} AS b ON TRUE`,
      ),
  },
  {
    name: 'tables that are not listed',
    about: 'One word that is no table of the desk, though a dataset may hold it.',
    texts: () =>
      each(
        [
          'api_keys',
          'etag_state',
          'etl_runs',
          'customer_profiles',
          'customer_cloud_credentials',
          'chat_event_chain',
          'desk_queries',
          'users',
        ],
        t => `SELECT * FROM ${t}`,
        t => `SELECT * FROM \`${t}\``,
        t => `SELECT * FROM pipeline_runs JOIN ${t} USING (id)`,
        t => `WITH ${t} AS (SELECT * FROM ${t}) SELECT * FROM ${t}`,
      ),
  },
];
