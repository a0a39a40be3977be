/** A wrong schema file is refused with the reason, before it reaches BigQuery. */
import { expect, test } from 'vitest';
import { loadDefinitions, parseDefinition } from '@/lib/warehouse/schemas/definition';

const column = { name: 'id', type: 'STRING', mode: 'REQUIRED', description: 'Identifier of it.' };
const table = { description: 'A table for this test.', primaryKey: ['id'], labels: {}, fields: [column] };
const withColumn = (extra: object) => ({ ...table, fields: [column, { ...column, name: 'extra', ...extra }] });

test('tables of the documents and of ours are defined, by dataset', () => {
  expect(loadDefinitions('customers').map(({ table: name }) => name)).toEqual([
    'customer_api_keys',
    'customer_audit_log',
    'customer_cloud_credentials',
    'customer_invoices',
    'customer_profiles',
    'customer_provider_configs',
    'customer_subscription_changes',
    'customer_subscriptions',
    'customer_team_members',
    'customer_usage_quotas',
  ]);
  const metadata = loadDefinitions('metadata').map(({ table: name }) => name);
  const ofTraces = ['ai_usage_days', 'etl_runs', 'session_details', 'sessions'];
  const ofGithub = ['commits', 'etag_state', 'pull_request_details', 'pull_requests'];
  expect(metadata).toEqual(
    ['api_keys', 'dq_results', 'pipeline_runs', 'run_details', 'step_logs', ...ofTraces, ...ofGithub].sort(),
  );
});

test.each<[string, object, string]>([
  ['an unknown setting', { ...table, colour: 'red' }, 'colour'],
  ['an unknown type', withColumn({ type: 'MONEY' }), 'fields[1].type'],
  ['a column without description', withColumn({ description: '' }), 'fields[1].description'],
  ['a column named twice', withColumn({ name: 'id' }), 'named twice'],
  ['a name with capitals', withColumn({ name: 'Extra' }), 'snake_case'],
  ['a default on a REPEATED column', withColumn({ mode: 'REPEATED', default: '[]' }), 'no default'],
  ['a precision on text', withColumn({ precision: 3, scale: 0 }), 'only NUMERIC'],
  ['a precision without scale', withColumn({ type: 'NUMERIC', precision: 3 }), 'go together'],
  ['a key of no column', { ...table, primaryKey: ['nope'] }, 'nope'],
  ['five cluster columns', { ...table, clustering: ['a', 'b', 'c', 'd', 'e'] }, 'clustering'],
  ['a partition of no column', { ...table, partitioning: { field: 'nope', type: 'DAY' } }, 'does not exist'],
  ['a partition by text', { ...table, partitioning: { field: 'id', type: 'DAY' } }, 'neither TIMESTAMP nor DATE'],
  ['an unknown policy tag', withColumn({ policyTag: 'secret' }), 'policyTag'],
])('%s is refused', (_, json, reason) => {
  expect(() => parseDefinition('things', json)).toThrow(reason);
  expect(() => parseDefinition('things', json)).toThrow('schema of things is wrong');
});
