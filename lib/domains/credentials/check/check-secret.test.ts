/** Every provider's outcomes, by the providers' own libraries against the local double, which checks for real. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { KnownCredential } from '@/dev/doubles/providers/state';
import {
  anthropicAccount,
  awsAccount,
  awsRole,
  azureAccount,
  gcpAccount,
  openaiAccount,
} from '@/dev/testing/providers/cloud-accounts';
import { type Checked, checkSecret } from '@/lib/domains/credentials/check/check-secret';
import type { CheckResult } from '@/lib/domains/credentials/check/findings';
import { awsExternalId } from '@/lib/domains/credentials/rules';

const customerId = `cus_${randomBytes(6).toString('hex')}`;
const checked = (secret: Checked['secret'], rest: Partial<Checked> = {}): Promise<CheckResult> =>
  checkSecret({ secret, requiredPermissions: [], customerId, ...rest });
/** `ok ok failed`, and what the failed step says. */
const steps = ({ steps: found }: CheckResult) => found.map(({ outcome }) => outcome).join(' ');
const failure = ({ steps: found }: CheckResult) => found.find(({ outcome }) => outcome === 'failed');

type Maker = (change?: Partial<KnownCredential>) => Promise<{ secret: Checked['secret']; known: KnownCredential }>;
const makers: Record<string, Maker> = {
  'Google Cloud': gcpAccount,
  'AWS access key': awsAccount,
  'AWS role': change => awsRole(awsExternalId(customerId), change),
  'Microsoft Azure': azureAccount,
  OpenAI: openaiAccount,
  Anthropic: anthropicAccount,
};
const each = Object.entries(makers);

test.each(each)('%s: a sound credential goes through, and is told apart by what belongs to it', async (name, make) => {
  const { secret, known } = await make();
  const result = await checked(secret);
  expect(result.outcome, JSON.stringify(result)).toBe('ok');
  expect(steps(result)).toBe(name.startsWith('AWS') ? 'ok ok skipped' : 'ok ok ok');
  const learnt = { account_id: null as string | null, project_id: null as string | null, scopes: [] as string[] };
  if (name === 'Google Cloud') Object.assign(learnt, { project_id: known.home, scopes: known.permissions });
  if (name.startsWith('AWS')) learnt.account_id = known.home;
  if (name === 'Microsoft Azure') learnt.account_id = known.permissions[0] ?? null;
  expect(result).toMatchObject(learnt);
});

test.each(each)('%s: down or too slow is not the fault of the credential', async (_, make) => {
  const { secret } = await make({ state: 'down' });
  const result = await checked(secret);
  expect([result.outcome, steps(result)]).toEqual(['untested', 'failed skipped skipped']);
  expect(failure(result)?.message).toMatch(/could not be tested\. It answered with status 503\.$/);
  const slow = await make({ state: 'slow' });
  const late = await checked(slow.secret, { timeoutMs: 400 });
  expect([late.outcome, steps(late)]).toEqual(['untested', 'failed skipped skipped']);
  expect(failure(late)?.message).toMatch(/It did not answer in time\.$/);
});

test.each(each)('%s: one that was disabled does not sign in', async (_, make) => {
  const { secret } = await make({ state: 'disabled' });
  const result = await checked(secret);
  expect([result.outcome, steps(result)]).toEqual(['rejected', 'ok failed skipped']);
  expect(failure(result)?.message).toMatch(/disabled|does not let Tenantry/);
  expect(failure(result)?.todo).toBeTruthy();
});

test('a wrong secret is refused as each provider refuses it, and nothing of it is repeated', async () => {
  const [gcp, other, aws, azure] = await Promise.all([gcpAccount(), gcpAccount(), awsAccount(), azureAccount()]);
  const file = JSON.parse(gcp.secret.service_account_json) as Record<string, string>;
  const key = (JSON.parse(other.secret.service_account_json) as Record<string, string>).private_key;
  const wrong = 'W'.repeat(40);
  const secrets: [Checked['secret'], RegExp][] = [
    [
      { ...gcp.secret, service_account_json: JSON.stringify({ ...file, private_key: key }) },
      /disabled or deleted in Google/,
    ],
    [
      { ...gcp.secret, service_account_json: JSON.stringify({ ...file, client_email: 'x@y.example' }) },
      /account was disabled/,
    ],
    [{ ...aws.secret, secret_access_key: wrong }, /does not belong to this access key/],
    [{ ...aws.secret, access_key_id: `AKIA${'Z'.repeat(16)}` }, /disabled or deleted in AWS/],
    [{ ...azure.secret, client_secret: wrong }, /client secret is wrong/],
    [{ ...azure.secret, client_id: azure.secret.tenant_id }, /no application/],
    [{ ...azure.secret, tenant_id: azure.secret.client_id }, /no directory/],
    [{ kind: 'openai_api_key', api_key: `sk-${wrong}` }, /does not accept the key/],
    [{ kind: 'anthropic_api_key', api_key: `sk-ant-${wrong}` }, /does not accept the key/],
  ];
  for (const [secret, words] of secrets) {
    const result = await checked(secret);
    expect([result.outcome, steps(result)], JSON.stringify(result)).toEqual(['rejected', 'ok failed skipped']);
    expect(failure(result)?.message).toMatch(words);
    expect(JSON.stringify(result)).not.toContain(wrong);
  }
});

test('a client secret that has expired is told apart from a wrong one', async () => {
  const results = await Promise.all(
    [azureAccount, awsAccount].map(async make => checked((await make({ state: 'expired' })).secret)),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(['expired', 'expired']);
  expect(results.map(result => failure(result)?.message)).toEqual([
    'The client secret has expired.',
    'The access key has expired.',
  ]);
});

test('a missing permission is named, with what to do; the granted ones are kept', async () => {
  const gcp = await gcpAccount();
  const requiredPermissions = ['resourcemanager.projects.get', 'billing.accounts.get'];
  const result = await checked(gcp.secret, { requiredPermissions });
  expect([result.outcome, steps(result)]).toEqual(['rejected', 'ok ok failed']);
  expect(failure(result)).toMatchObject({
    message: `Missing: billing.accounts.get on project ${gcp.known.home}.`,
    todo: 'Give the service account a role with it in IAM.',
  });
  expect(result.scopes).toEqual(['resourcemanager.projects.get']);
  const unknown = await checked(gcp.secret, { requiredPermissions: ['billing'] });
  expect(failure(unknown)?.message).toMatch(/does not know one of these/);
  const azure = await azureAccount({ permissions: ['00000000-0000-4000-8000-000000000001'] });
  expect(failure(await checked(azure.secret))?.message).toBe(
    `Missing: a role of the application on subscription ${azure.secret.subscription_id}.`,
  );
  expect(failure(await checked((await azureAccount({ permissions: [] })).secret))?.message).toMatch(/no subscription/);
  for (const make of [openaiAccount, anthropicAccount])
    expect(failure(await checked((await make({ permissions: [] })).secret))?.message).toMatch(
      /Missing: reading the list/,
    );
});

test('a role is taken with the external id of its own customer alone, and only where the operator has an identity', async () => {
  const role = await awsRole(awsExternalId(customerId));
  expect((await checked(role.secret)).outcome).toBe('ok');
  const foreign = await checked(role.secret, { customerId: 'cus_foreign' });
  expect([foreign.outcome, failure(foreign)?.todo]).toEqual([
    'rejected',
    'Allow sts:AssumeRole in the role’s trust policy for the external id tenantry-cus_foreign.',
  ]);
  const without = await checked(role.secret, { operator: null });
  expect([without.outcome, steps(without)]).toEqual(['untested', 'skipped failed skipped']);
  expect(failure(without)?.message).toMatch(/not set up by the operator/);
  const operator = { accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'x'.repeat(40) };
  expect((await checked(role.secret, { operator })).outcome).toBe('untested');
});

test('a file that is none is refused without a request, naming the field and nothing else of it', async () => {
  const { secret } = await gcpAccount();
  const { private_key: key, ...file } = JSON.parse(secret.service_account_json) as Record<string, string>;
  const broken = [
    ['{', /it is no JSON/],
    [JSON.stringify(file), /private_key is missing/],
    [JSON.stringify({ ...file, private_key: 'canary-0f3c' }), /private key in the file cannot be read/],
    [JSON.stringify({ ...file, private_key: key, project_id: '../canary-0f3c' }), /project_id is missing or malformed/],
  ] as const;
  for (const [service_account_json, words] of broken) {
    const result = await checked({ kind: 'gcp_service_account', service_account_json });
    expect([result.outcome, steps(result)]).toEqual(['rejected', 'skipped failed skipped']);
    expect(failure(result)?.message).toMatch(words);
    expect(JSON.stringify(result)).not.toContain('canary-0f3c');
  }
});

test('where a file says its tokens come from is not believed', async () => {
  const { secret } = await gcpAccount();
  const file = { ...JSON.parse(secret.service_account_json), token_uri: 'http://169.254.169.254/token' };
  const result = await checked({ ...secret, service_account_json: JSON.stringify(file) });
  expect(result.outcome).toBe('ok');
});
