/** Access of the query desk's accounts as it is asked of the service: order, contents, repetition, and nothing beyond. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CloudDouble, startCloudDouble } from '@/dev/testing/cloud';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { googleApi } from '@/lib/platform/http/google-api';
import { type DeskTarget, deskSteps } from '@/lib/warehouse/schemas/security/desk-steps';
import { makeSteps } from '@/lib/warehouse/schemas/security/steps';

let cloud: CloudDouble;
const portal = 'serviceAccount:portal@p.iam.gserviceaccount.com';
const bigqueryPath = '/bigquery/v2/projects/p';
const client = () => createBigQuery({ projectId: 'p', apiUrl: cloud.url });
const api = () => googleApi(cloud.url, { getRequestHeaders: async () => new Headers() });
const options = () => ({
  client: client(),
  projectId: 'p',
  location: 'US',
  iam: api(),
  projects: api(),
  portal,
  waitMs: 1,
});

const target = (name: string, more: string[] = []): DeskTarget => ({
  customerId: `cus_${name}`,
  accountId: `desk-${name}`,
  account: `desk-${name}@p.iam.gserviceaccount.com`,
  deskDataset: `${name}_desk`,
  bases: [name, ...more, `${name}_log`].map(dataset => ({ client: client(), dataset })),
});
const makeDataset = (dataset: string, access: unknown[] = []) =>
  bigqueryRequest(client(), {
    method: 'POST',
    uri: '/datasets',
    json: { datasetReference: { projectId: 'p', datasetId: dataset }, access },
  });
const secure = async (of: DeskTarget, make = true, store: 'service' | 'local' = 'service') =>
  makeSteps(deskSteps(options(), of), { make, store });
const states = async (...given: Parameters<typeof secure>) => (await secure(...given)).map(({ state }) => state);
const accessOf = (dataset: string) => cloud.resources.get(`${bigqueryPath}/datasets/${dataset}`)?.access;
const policyOf = (resource: string) => cloud.resources.get(`/v1/${resource}:policy`);

beforeEach(async () => {
  cloud = await startCloudDouble();
  for (const dataset of ['acme', 'acme_log', 'shop', 'other', 'other_log']) await makeDataset(dataset);
  cloud.writes.length = 0;
  cloud.written.length = 0;
});
afterEach(() => cloud.close());

test('the account is made before anything is given to it, and reads the desk before the desk reads the datasets', async () => {
  expect((await secure(target('acme', ['shop']))).map(({ what, state }) => `${state} ${what}`)).toEqual([
    'made dataset acme_desk',
    'made service account desk-acme@p.iam.gserviceaccount.com',
    `made roles/iam.serviceAccountTokenCreator on desk-acme@p.iam.gserviceaccount.com: ${portal}`,
    'made roles/bigquery.jobUser on the project: desk-acme@p.iam.gserviceaccount.com',
    'made READER of acme_desk: desk-acme@p.iam.gserviceaccount.com',
    'made views of acme_desk authorized on acme',
    'made views of acme_desk authorized on shop',
    'made views of acme_desk authorized on acme_log',
  ]);
  expect(cloud.writes).toEqual([
    `POST ${bigqueryPath}/datasets`,
    'POST /v1/projects/p/serviceAccounts',
    'POST /v1/projects/p/serviceAccounts/desk-acme@p.iam.gserviceaccount.com:setIamPolicy',
    'POST /v1/projects/p:setIamPolicy',
    `PATCH ${bigqueryPath}/datasets/acme_desk`,
    `PATCH ${bigqueryPath}/datasets/acme`,
    `PATCH ${bigqueryPath}/datasets/shop`,
    `PATCH ${bigqueryPath}/datasets/acme_log`,
  ]);
});

test('a plan names everything that is missing and writes nothing', async () => {
  expect(new Set(await states(target('acme'), false))).toEqual(new Set(['missing']));
  expect(cloud.writes).toEqual([]);
});

test('a second apply finds everything present and writes nothing', async () => {
  await secure(target('acme', ['shop']));
  const before = cloud.writes.length;
  expect(new Set(await states(target('acme', ['shop'])))).toEqual(new Set(['present']));
  expect(cloud.writes).toHaveLength(before);
});

test('of all that is written, the account gets to read one dataset and to run jobs, and the portal to act as it', async () => {
  await secure(target('acme', ['shop']));
  const account = 'desk-acme@p.iam.gserviceaccount.com';
  const given = cloud.written.flatMap(({ path, body }) => {
    const access = ((body.access ?? []) as Record<string, unknown>[]).map(entry => ({ path, entry }));
    const { bindings = [] } = (body.policy ?? {}) as { bindings?: object[] };
    return [...access, ...bindings.map(entry => ({ path, entry }))];
  });
  const views = { dataset: { dataset: { projectId: 'p', datasetId: 'acme_desk' }, targetTypes: ['VIEWS'] } };
  expect(given).toEqual([
    {
      path: `/v1/projects/p/serviceAccounts/${account}:setIamPolicy`,
      entry: { role: 'roles/iam.serviceAccountTokenCreator', members: [portal] },
    },
    {
      path: '/v1/projects/p:setIamPolicy',
      entry: { role: 'roles/bigquery.jobUser', members: [`serviceAccount:${account}`] },
    },
    { path: `${bigqueryPath}/datasets/acme_desk`, entry: { role: 'READER', userByEmail: account } },
    ...['acme', 'shop', 'acme_log'].map(dataset => ({ path: `${bigqueryPath}/datasets/${dataset}`, entry: views })),
  ]);
});

test("one customer's account gets nothing of another's, whatever order they are set up in", async () => {
  for (const name of ['acme', 'other', 'acme', 'other']) await secure(target(name));
  expect(accessOf('acme_desk')).toEqual([{ role: 'READER', userByEmail: 'desk-acme@p.iam.gserviceaccount.com' }]);
  expect(accessOf('other_desk')).toEqual([{ role: 'READER', userByEmail: 'desk-other@p.iam.gserviceaccount.com' }]);
  expect(JSON.stringify([accessOf('acme'), accessOf('acme_log')])).not.toContain('other');
  expect(JSON.stringify([accessOf('other'), accessOf('other_log')])).not.toContain('acme');
  expect(JSON.stringify([...cloud.resources].filter(([key]) => key.includes('desk-acme')))).not.toContain('desk-other');
});

test('what others were given stays, with its conditions', async () => {
  const owner = { role: 'OWNER', specialGroup: 'projectOwners' };
  await makeDataset('acme', [owner]);
  const others = [
    { role: 'roles/viewer', members: ['group:staff@example.com'] },
    { role: 'roles/bigquery.jobUser', members: ['user:ada@example.com'], condition: { expression: 'false' } },
    { role: 'roles/bigquery.jobUser', members: ['user:bob@example.com'] },
  ];
  cloud.resources.set('/v1/projects/p:policy', { version: 3, etag: 'x', bindings: others });
  await secure(target('acme'));
  expect(accessOf('acme')).toEqual([owner, expect.objectContaining({ dataset: expect.anything() })]);
  expect(policyOf('projects/p')).toMatchObject({
    version: 3,
    bindings: [
      others[0],
      others[1],
      {
        role: 'roles/bigquery.jobUser',
        members: ['user:bob@example.com', 'serviceAccount:desk-acme@p.iam.gserviceaccount.com'],
      },
    ],
  });
});

test('a conditional grant does not count as the grant', async () => {
  const member = 'serviceAccount:desk-acme@p.iam.gserviceaccount.com';
  const condition = { expression: 'false' };
  cloud.resources.set('/v1/projects/p:policy', {
    etag: 'x',
    bindings: [{ role: 'roles/bigquery.jobUser', members: [member], condition }],
  });
  expect((await secure(target('acme'))).find(({ what }) => what.includes('jobUser'))?.state).toBe('made');
});

test('a write of somebody else in between is not lost: the list is read again', async () => {
  const group = { role: 'READER', groupByEmail: 'analysts@example.com' };
  let isFirst = true;
  cloud.refuse = (method, path) => {
    if (method !== 'PATCH' || !path.endsWith('/datasets/acme') || !isFirst) return null;
    isFirst = false;
    cloud.resources.set(path, { ...cloud.resources.get(path), access: [group], etag: 'of somebody else' });
    return null;
  };
  await secure(target('acme'));
  expect(accessOf('acme')).toEqual([group, expect.objectContaining({ dataset: expect.anything() })]);
});

test('two applies at once on the project’s policy both end in it', async () => {
  await Promise.all(['acme', 'other'].map(name => secure(target(name))));
  expect(policyOf('projects/p')).toMatchObject({
    bindings: [
      {
        members: expect.arrayContaining(
          ['acme', 'other'].map(name => `serviceAccount:desk-${name}@p.iam.gserviceaccount.com`),
        ),
      },
    ],
  });
});

test('on a local store only the dataset is made, and the rest is told as not available', async () => {
  expect(await states(target('acme'), true, 'local')).toEqual(['made', ...Array(6).fill('not available here')]);
  expect(cloud.writes).toEqual([`POST ${bigqueryPath}/datasets`]);
});
