import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertSource } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import type { Customer } from '@/lib/domains/customers/tables';
import { maxSources, maxSourcesEver } from '@/lib/domains/events/rules';
import { unusedDataset } from '@/lib/domains/events/sources/allocate-dataset';
import { createSource, deleteSource, editSource } from '@/lib/domains/events/sources/commands';
import { findSource, listSources } from '@/lib/domains/events/sources/reads';
import { eventSources } from '@/lib/domains/events/tables';
import { auditLog } from '@/lib/kernel/tables';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { randomText } from '@/lib/platform/ids';

const conflict = { code: 'conflict' };
const fieldError = (path: string) => ({ code: 'invalid_input', fields: [expect.objectContaining({ path })] });
/** A name that no other test has, and its dataset. */
const unique = () => {
  const tag = randomText(10).replace(/[0-9]/g, 'x');
  return { name: `Site ${tag}`, dataset: `site_${tag}` };
};
const wordOf = (customer: Customer) => customer.companyName.toLowerCase().replace(' ', '_');

test('a source gets a dataset of its own in snake_case, a write key that works, and a line in the audit log', async () => {
  const world = await createWorld();
  const { name, dataset } = unique();
  const { result } = await createSource(world.as('COLLABORATOR'), { name });
  expect(result).toMatchObject({ name, dataset, is_enabled: true, redacts_ip: false, allowed_origins: [] });
  expect(result.write_keys).toEqual([
    expect.objectContaining({ write_key: expect.stringMatching(/^wk_\w{28}$/), expires_at: null }),
  ]);
  expect(await findSource(world.as('VIEWER'), result.source_id)).toEqual(result);
  expect(await listSources(world.as('VIEWER'))).toEqual([result]);
  const [line] = await db().select().from(auditLog).where(eq(auditLog.targetId, result.source_id));
  expect(line).toMatchObject({ action: 'event_source.create', targetType: 'event_source' });
});

test('a name that another customer’s source has gets the company in front and says nothing more of the other', async () => {
  const [one, other] = [await createWorld(), await createWorld()];
  const { name, dataset } = unique();
  await createSource(one.as('OWNER'), { name });
  const { result } = await createSource(other.as('OWNER'), { name });
  expect(result.dataset).toBe(`${wordOf(other.customer)}_${dataset}`);
});

test('a dataset is never given again, also after its source is deleted; the name is free then', async () => {
  const world = await createWorld();
  const { name, dataset } = unique();
  const first = await createSource(world.as('OWNER'), { name });
  await deleteSource(world.as('OWNER'), { source_id: first.result.source_id });
  const second = await createSource(world.as('OWNER'), { name });
  expect(second.result.dataset).toBe(`${wordOf(world.customer)}_${dataset}`);
  await deleteSource(world.as('OWNER'), { source_id: second.result.source_id });
  const third = await createSource(world.as('OWNER'), { name });
  expect(third.result.dataset).toBe(`${wordOf(world.customer)}_${dataset}_2`);
});

test('a source never gets the dataset in which a customer’s query desk has its views, also before that is made', async () => {
  const [victim, world] = [await createWorld(), await createWorld()];
  const dataset = `${victim.tenantDatasetId}_desk`;
  const { result } = await createSource(world.as('OWNER'), { name: dataset });
  expect(result.dataset).not.toBe(dataset);
});

test('a dataset that is in BigQuery without us is not written to', async () => {
  const world = await createWorld();
  const { name, dataset } = unique();
  const client = bigquery();
  const json = { datasetReference: { datasetId: dataset }, location: env().BIGQUERY_LOCATION };
  await bigqueryRequest(client, { method: 'POST', uri: '/datasets', json });
  try {
    const { result } = await createSource(world.as('OWNER'), { name });
    expect(result.dataset).toBe(`${wordOf(world.customer)}_${dataset}`);
  } finally {
    await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}` });
  }
});

test('no source takes the dataset of a customer, and no customer that of a source', async () => {
  const world = await createWorld();
  const { result } = await createSource(world.as('OWNER'), { name: world.tenantDatasetId });
  expect(result.dataset).toBe(`${wordOf(world.customer)}_${world.tenantDatasetId}`);
  const offered = [result.dataset, 'free_of_all'];
  expect(await db().transaction(tx => unusedDataset(tx, () => offered.shift() as string))).toBe('free_of_all');
});

test('20 sources of one name at once by 20 customers get 20 datasets', async () => {
  const { name, dataset } = unique();
  const worlds = await Promise.all(Array.from({ length: 20 }, () => createWorld()));
  const made = await Promise.all(worlds.map(world => createSource(world.as('OWNER'), { name })));
  const datasets = made.map(({ result }) => result.dataset);
  expect(new Set(datasets).size).toBe(20);
  expect(datasets).toContain(dataset);
});

test('the same form twice makes one source; with another name it is refused', async () => {
  const world = await createWorld();
  const { name } = unique();
  const form = { name, request_token: randomText(20) };
  const made = await Promise.all([createSource(world.as('OWNER'), form), createSource(world.as('OWNER'), form)]);
  expect(made[0].result.source_id).toBe(made[1].result.source_id);
  await expect(createSource(world.as('OWNER'), { ...form, name: `${name} 2` })).rejects.toMatchObject(conflict);
  expect(await listSources(world.as('OWNER'))).toHaveLength(1);
});

test('two sources of a customer never have one name, whatever its case', async () => {
  const world = await createWorld();
  const [one, two] = [unique().name, unique().name];
  const first = await createSource(world.as('OWNER'), { name: one });
  await createSource(world.as('OWNER'), { name: two });
  await expect(createSource(world.as('OWNER'), { name: one.toUpperCase() })).rejects.toMatchObject(fieldError('name'));
  const id = first.result.source_id;
  await expect(editSource(world.as('OWNER'), { source_id: id, name: two })).rejects.toMatchObject(fieldError('name'));
  const { result } = await editSource(world.as('OWNER'), { source_id: id, name: one.toUpperCase() });
  expect([result.name, result.dataset]).toEqual([one.toUpperCase(), first.result.dataset]);
});

test('an edit changes what it names and nothing else; the same again leaves no line in the audit log', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const edit = {
    source_id: source.sourceId,
    is_enabled: false,
    redacts_ip: true,
    allowed_origins: ['https://Shop.example.com/', 'https://shop.example.com', 'http://localhost:3000'],
    requests_per_second: 5,
  };
  const before = await findSource(world.as('VIEWER'), source.sourceId);
  const { result } = await editSource(world.as('COLLABORATOR'), edit);
  expect(result).toMatchObject({
    name: before.name,
    dataset: before.dataset,
    is_enabled: false,
    redacts_ip: true,
    allowed_origins: ['https://shop.example.com', 'http://localhost:3000'],
    requests_per_second: 5,
  });
  await editSource(world.as('COLLABORATOR'), edit);
  const lines = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.targetId, source.sourceId), eq(auditLog.action, 'event_source.edit')));
  expect(lines).toHaveLength(1);
});

test.each([
  ['name', { name: '' }],
  ['name', { name: 'a\u202Eb' }],
  ['allowed_origins.0', { name: 'x', allowed_origins: ['https://example.com/path'] }],
  ['allowed_origins.0', { name: 'x', allowed_origins: ['javascript:alert(1)'] }],
  ['requests_per_second', { name: 'x', requests_per_second: 0 }],
])('%s is refused where it is wrong', async (path, input) => {
  const world = await createWorld();
  await expect(createSource(world.as('OWNER'), input)).rejects.toMatchObject(fieldError(path));
});

test('a customer has at most so many sources, and at most so many ever', async () => {
  const world = await createWorld();
  for (let at = 0; at < maxSources; at++) await insertSource(world);
  await expect(createSource(world.as('OWNER'), { name: 'One more' })).rejects.toMatchObject(conflict);
  await db().update(eventSources).set({ deletedAt: new Date() }).where(eq(eventSources.customerId, world.customerId));
  const { customerId } = world;
  const at = new Date();
  const rest = Array.from({ length: maxSourcesEver - maxSources }, (_, index) => {
    const tag = randomText(12);
    const who = { createdAt: at, createdBy: 'test', updatedAt: at, updatedBy: 'test', deletedAt: at };
    return { sourceId: `src_${tag}`, customerId, sourceName: `S ${index}`, dataset: `source_${tag}`, ...who };
  });
  await db().insert(eventSources).values(rest);
  await expect(createSource(world.as('OWNER'), { name: 'One more' })).rejects.toMatchObject(conflict);
});
