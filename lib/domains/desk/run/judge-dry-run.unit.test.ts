/** The third layer decides by what the service says of a text, and by nothing that the text says of itself. */
import { expect, test } from 'vitest';
import { type DryRunAnswer, judgeDryRun } from '@/lib/domains/desk/run/judge-dry-run';

type Query = NonNullable<NonNullable<DryRunAnswer['statistics']>['query']>;

const allowed = new Set(['p.acme_desk.commits', 'p.acme.commits', 'p.acme_desk.sessions', 'p.acme.sessions']);
const table = (name: string) => {
  const [projectId = '', datasetId = '', tableId = ''] = name.split('.');
  return { projectId, datasetId, tableId };
};
const own = [table('p.acme_desk.commits'), table('p.acme.commits')];
const select = (more: Partial<Query> = {}): DryRunAnswer => ({
  statistics: { query: { statementType: 'SELECT', referencedTables: own, ...more } },
});
const kind = (statementType: string) => select({ statementType });
const judge = (answer: DryRunAnswer, more: { store?: 'service' | 'local'; readsTables?: boolean } = {}) =>
  judgeDryRun(answer, { allowed, store: 'service', readsTables: true, ...more });

const taken: [string, DryRunAnswer, Parameters<typeof judge>[1]?][] = [
  ['a SELECT of a view and what lies beneath', select()],
  ['a SELECT of several own tables', select({ referencedTables: [...own, table('p.acme.sessions')] })],
  ['an empty list of routines', select({ referencedRoutines: [] })],
  ['an empty list of parameters', select({ undeclaredQueryParameters: [] })],
  ['no table where the text names none', select({ referencedTables: undefined } as never), { readsTables: false }],
  ['an empty list of tables where the text names none', select({ referencedTables: [] }), { readsTables: false }],
  [
    'on a local store a SELECT without a list',
    { statistics: { query: { statementType: 'SELECT' } } },
    { store: 'local' },
  ],
  [
    'on a local store a query whose kind is not named',
    { statistics: { query: { schema: { fields: [] } } } },
    { store: 'local' },
  ],
];
test.each(taken)('%s is run', (_, answer, more) => {
  expect(judge(answer, more)).toBeNull();
});

const refused: [string, DryRunAnswer, Parameters<typeof judge>[1]?][] = [
  ['an answer without statistics', {}],
  ['an answer without a kind of statement', { statistics: { query: { referencedTables: own } } }],
  ['a SELECT in small letters, which the service never writes', kind('select')],
  ...[
    'INSERT',
    'UPDATE',
    'DELETE',
    'MERGE',
    'CREATE_TABLE',
    'CREATE_TABLE_AS_SELECT',
    'CREATE_VIEW',
    'CREATE_FUNCTION',
    'DROP_TABLE',
    'TRUNCATE_TABLE',
    'ALTER_TABLE',
    'EXPORT_DATA',
    'LOAD_DATA',
    'CALL',
    'ASSERT',
    'SCRIPT',
    'GRANT',
  ].map((statementType): [string, DryRunAnswer] => [`the statement ${statementType}`, kind(statementType)]),
  [
    'an answer without a kind of statement on the service, though it has columns',
    { statistics: { query: { referencedTables: own, schema: { fields: [] } } } },
  ],
  ['nothing but statistics on a local store', { statistics: { query: {} } }, { store: 'local' }],
  [
    'a nameless statement of DDL on a local store',
    { statistics: { query: { schema: { fields: [] }, ddlOperationPerformed: 'CREATE' } } },
    { store: 'local' },
  ],
  [
    'a nameless statement of DML on a local store',
    { statistics: { query: { schema: { fields: [] }, numDmlAffectedRows: '0' } } },
    { store: 'local' },
  ],
  ['a script on a local store', kind('SCRIPT'), { store: 'local' }],
  ['a DDL statement on a local store', kind('CREATE_TABLE'), { store: 'local' }],
  ['an error within the answer', { ...select(), status: { errorResult: { message: 'Syntax error' } } }],
  ['no list of tables on the service', { statistics: { query: { statementType: 'SELECT' } } }],
  ['an empty list where the text names a table', select({ referencedTables: [] })],
  ['a list that is none', select({ referencedTables: 'p.acme_desk.commits' as never })],
  ["another customer's view", select({ referencedTables: [...own, table('p.other_desk.commits')] })],
  ["another customer's own table", select({ referencedTables: [...own, table('p.other.commits')] })],
  [
    "a table of one's own dataset that is no table of the desk",
    select({ referencedTables: [table('p.acme.api_keys')] }),
  ],
  ['the same name in another project', select({ referencedTables: [table('q.acme_desk.commits')] })],
  ['a name in other letters', select({ referencedTables: [table('p.acme_desk.Commits')] })],
  ['INFORMATION_SCHEMA', select({ referencedTables: [table('p.acme_desk.INFORMATION_SCHEMA')] })],
  ['a wildcard', select({ referencedTables: [table('p.acme.*')] })],
  ['an entry without a project', select({ referencedTables: [{ datasetId: 'acme', tableId: 'commits' }] })],
  ['an empty entry', select({ referencedTables: [{}] })],
  ['a foreign table where the text names none', select({ referencedTables: [table('p.x.y')] }), { readsTables: false }],
  ['a list that may have been cut', select({ referencedTables: Array.from({ length: 50 }, () => own[0] ?? {}) })],
  ['a function that somebody made', select({ referencedRoutines: [{ routineId: 'leak' }] })],
  ['routines that are no list', select({ referencedRoutines: {} as never })],
  ['a parameter', select({ undeclaredQueryParameters: [{ name: 'id' }] })],
  ['statistics of DDL beside a SELECT', select({ ddlOperationPerformed: 'CREATE' })],
  ['a target of DDL beside a SELECT', select({ ddlTargetTable: table('p.acme.commits') })],
  ['statistics of DML beside a SELECT', select({ dmlStats: { insertedRowCount: '1' } })],
  ['rows that DML would change', select({ numDmlAffectedRows: '0' })],
  ['an export', select({ exportDataStatistics: { fileCount: '1' } })],
  ['a load', select({ loadQueryStatistics: {} })],
  ['costs of another service', select({ externalServiceCosts: [{ externalService: 'vertex' }] })],
  ['a model', select({ mlStatistics: {} })],
];
test.each(refused)('%s is refused', (_, answer, more) => {
  expect(judge(answer, more)).toEqual({
    layer: 'service',
    reason: expect.stringMatching(/\w+/),
    line: null,
    column: null,
  });
});

test('a table that is none of the desk is named, so that who wrote the text finds it', () => {
  expect(judge(select({ referencedTables: [table('p.other.keys')] }))?.reason).toContain('p.other.keys');
});
