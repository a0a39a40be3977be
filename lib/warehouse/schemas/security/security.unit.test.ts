/** Row security as it is asked of the service: order, contents and repetition of the requests. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CloudDouble, startCloudDouble } from '@/dev/testing/cloud';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { googleApi } from '@/lib/platform/http/google-api';
import { applySchemas } from '@/lib/warehouse/schemas/apply';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { hasMembers, withAuthorizedViews, withMembers } from '@/lib/warehouse/schemas/security/iam';
import { secureDatasets } from '@/lib/warehouse/schemas/security/security';
import { securityViews } from '@/lib/warehouse/schemas/security/views';

let cloud: CloudDouble;
const bigqueryPath = '/bigquery/v2/projects/p';
const operator = 'serviceAccount:portal@p.iam.gserviceaccount.com';
const reader = 'group:analysts@example.com';

beforeAll(async () => {
  cloud = await startCloudDouble();
});
afterAll(() => cloud.close());

const options = () => ({
  client: createBigQuery({ projectId: 'p', apiUrl: cloud.url }),
  catalog: googleApi(cloud.url, { getRequestHeaders: async () => new Headers() }),
  dataset: 'customers',
  location: 'US',
  readers: [reader],
  operators: [operator],
  store: 'service' as const,
});
const states = async (make: boolean) => (await secureDatasets(options(), make)).map(outcome => outcome.state);

test('against the service, tables read back by their old type names need no change', async () => {
  const { client, dataset, location, store } = options();
  const first = await applySchemas(client, { dataset, folder: 'customers', location, store });
  expect(first).toHaveLength(1 + loadDefinitions('customers').length);
  expect(await applySchemas(client, { dataset, folder: 'customers', location, store })).toEqual([]);
});

test('a plan names everything missing and writes nothing', async () => {
  const before = cloud.writes.length;
  expect(new Set(await states(false))).toEqual(new Set(['missing']));
  expect(cloud.writes.slice(before)).toEqual([]);
});

test('without an operator no column is tagged: the product would lock itself out', async () => {
  await expect(secureDatasets({ ...options(), operators: [] }, true)).rejects.toThrow('--operator');
  const profile = cloud.resources.get(`${bigqueryPath}/datasets/customers/tables/customer_profiles`);
  expect(JSON.stringify(profile)).not.toContain('policyTags');
});

test('apply makes the rest, and a second apply finds everything present and writes nothing', async () => {
  expect(await states(true)).toContain('made');
  const before = cloud.writes.length;
  expect(new Set(await states(true))).toEqual(new Set(['present']));
  expect(cloud.writes.slice(before)).toEqual([]);
});

test('the taxonomy and its tags carry the names and descriptions of document 003', () => {
  const catalog = [...cloud.resources].filter(([key]) => key.startsWith('/v1/') && !key.includes(':'));
  expect(catalog.map(([, { displayName, description }]) => ({ displayName, description }))).toEqual([
    { displayName: 'Customer Data Taxonomy', description: 'Policy tags for customer data isolation' },
    { displayName: 'Customer Data', description: "Restricts access to customer's own data" },
    { displayName: 'Sensitive Data', description: 'KMS encrypted sensitive fields' },
  ]);
  expect(catalog[0]?.[0]).toMatch(/^\/v1\/projects\/p\/locations\/us\/taxonomies\//);
});

test('each customer_id and each sealed column is tagged with its own tag', () => {
  const tag = (name: string) => [...cloud.resources.values()].find(resource => resource.displayName === name)?.name;
  type Fields = { schema: { fields: { name: string; policyTags?: { names: string[] } }[] } };
  for (const { table, fields } of loadDefinitions('customers')) {
    const live = cloud.resources.get(`${bigqueryPath}/datasets/customers/tables/${table}`) as Fields;
    const found = live.schema.fields
      .filter(field => field.policyTags)
      .map(field => [field.name, field.policyTags?.names]);
    const wanted = fields
      .filter(field => field.policyTag)
      .map(field => [field.name, [tag(field.policyTag === 'customer-data' ? 'Customer Data' : 'Sensitive Data')]]);
    expect(found).toEqual(wanted);
  }
});

test('every view is authorized on the dataset and readable; base tables and sealed columns are not granted to readers', () => {
  const dataset = cloud.resources.get(`${bigqueryPath}/datasets/customers`) as {
    access: { view: { tableId: string } }[];
  };
  const views = securityViews(loadDefinitions('customers'));
  expect(dataset.access.map(entry => entry.view.tableId)).toEqual(views.map(view => view.name));
  const policies = [...cloud.resources].filter(([key]) => key.endsWith(':policy'));
  const readable = policies.filter(([, policy]) => JSON.stringify(policy).includes(reader)).map(([key]) => key);
  const sensitive = [...cloud.resources].find(([, resource]) => resource.displayName === 'Sensitive Data')?.[0];
  expect(readable).toHaveLength(views.length + 1);
  expect(readable).not.toContain(`${sensitive}:policy`);
  expect(readable.some(key => key.includes('/datasets/customers/tables'))).toBe(false);
});

test('no view shows ciphertext, hashes, tokens or staff notes, and none uses SELECT *', () => {
  for (const { name, query } of securityViews(loadDefinitions('customers'))) {
    expect(query, name).not.toMatch(/encrypted_|api_key_hash|invitation_token|slack_webhook_url|source\.notes|\*/);
    expect(query, name).toContain('SESSION_USER()');
  }
});

test('giving access keeps what others were given, and conditional grants do not count', () => {
  const policy = {
    etag: 'x',
    bindings: [
      { role: 'r', members: ['a'] },
      { role: 'r', members: ['b'], condition: {} },
    ],
  };
  expect(hasMembers(policy, 'r', ['b'])).toBe(false);
  expect(withMembers(policy, 'r', ['b', 'a'])).toEqual({
    etag: 'x',
    bindings: [policy.bindings[1], { role: 'r', members: ['a', 'b'] }],
  });
  const own = { role: 'OWNER', specialGroup: 'projectOwners' };
  const view = { projectId: 'p', datasetId: 'd', tableId: 'v' };
  expect(withAuthorizedViews([own, { view }], [view])).toEqual([own, { view }]);
});
