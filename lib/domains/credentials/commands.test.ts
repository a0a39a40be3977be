/** Storing, changing and deleting credentials: limits, double clicks, races, and what never shows a secret. */
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { secretOf, serviceAccountFile, storedCredential } from '@/dev/testing/credentials/secrets';
import { createWorld, type World } from '@/dev/testing/world';
import { createCredential, deleteCredential, editCredential } from '@/lib/domains/credentials/commands';
import { findCredential, listCredentials } from '@/lib/domains/credentials/queries';
import { credentialKinds, kindRules, maxCredentials } from '@/lib/domains/credentials/rules';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { createConfig } from '@/lib/domains/providers/commands';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newUuid, randomText } from '@/lib/platform/ids';

/** Every value of a secret that must stand nowhere. */
const valuesOf = (secret: object): string[] =>
  Object.entries(secret)
    .filter(([name]) => /secret|api_key$|json/.test(name) && name !== 'kind')
    .map(([, value]) => String(value));

const rowOf = async (id: string) => {
  const [row] = await db().select().from(cloudCredentials).where(eq(cloudCredentials.credentialId, id));
  if (!row) throw new Error('no such credential');
  return row;
};

const makeConfig = async (world: World, credentialId: string): Promise<string> => {
  const config = { name: `Config ${randomText(6)}`, provider: 'OPENAI', domain: 'COST', credential_id: credentialId };
  return (await createConfig(world.system, config)).result.config_id;
};

test.each(credentialKinds)('a %s is stored, shown and listed without its secret', async kind => {
  const world = await createWorld();
  const secret = secretOf[kind]();
  const { result } = await createCredential(world.as('ADMIN'), { name: 'Billing', secret });
  expect(result).toMatchObject({
    name: 'Billing',
    kind,
    provider: kindRules[kind].provider,
    credential_type: kindRules[kind].type,
    health: 'UNTESTED',
    secret_version: 1,
    created_by: world.members.ADMIN.email,
  });
  const viewer = world.as('VIEWER');
  const found = await findCredential(viewer, result.credential_id);
  const { credentials } = await listCredentials(viewer, {});
  expect(credentials).toMatchObject([{ credential_id: result.credential_id, kind, updating: true }]);
  const [audit] = await db().select().from(auditLog).where(eq(auditLog.targetId, result.credential_id));
  const { rows } = await db().execute(
    sql`SELECT c::text FROM cloud_credentials c WHERE customer_id = ${world.customerId}`,
  );
  const seen = JSON.stringify([result, found, credentials, audit, rows]);
  for (const value of valuesOf(secret)) {
    expect(seen).not.toContain(value);
    expect(seen).not.toContain(value.slice(8, 24));
  }
  expect(audit?.after).toMatchObject({ secret_version: 1, secret_hint: result.secret_hint });
});

test('ten submissions of one form store one credential, and another form is told so', async () => {
  const world = await createWorld();
  const form = { name: 'Twice', secret: secretOf.openai_api_key(), request_token: randomText(12) };
  const answers = await Promise.all(Array.from({ length: 10 }, () => createCredential(world.as('OWNER'), form)));
  expect(new Set(answers.map(({ result }) => result.credential_id)).size).toBe(1);
  expect((await listCredentials(world.as('OWNER'), {})).total).toBe(1);
  const changed = createCredential(world.as('OWNER'), { ...form, name: 'Other' });
  await expect(changed).rejects.toMatchObject({ code: 'conflict' });
});

test('two of one name at once: one is stored, the other is told of the name', async () => {
  const world = await createWorld();
  const store = (name: string) => createCredential(world.as('OWNER'), { name, secret: secretOf.openai_api_key() });
  const outcomes = await Promise.allSettled([store('Same name'), store('SAME name')]);
  const [refused] = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toMatchObject({ code: 'invalid_input', fields: [{ path: 'name' }] });
  const free = await store('Another');
  const rename = editCredential(world.as('OWNER'), { credential_id: free.result.credential_id, name: 'same NAME' });
  await expect(rename).rejects.toMatchObject({ fields: [{ path: 'name' }] });
});

test('the last free place goes to one of two, and a deleted credential frees one', async () => {
  const world = await createWorld();
  const first = await storedCredential(world);
  const copy = await rowOf(first.id);
  const others = Array.from({ length: maxCredentials - 2 }, (_, at) => ({
    ...copy,
    credentialId: newUuid(),
    credentialName: `Copy ${at}`,
  }));
  await db().insert(cloudCredentials).values(others);
  const store = () => storedCredential(world);
  const outcomes = await Promise.allSettled([store(), store(), store()]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await expect(store()).rejects.toMatchObject({ code: 'conflict', details: { max_credentials: maxCredentials } });
  await deleteCredential(world.system, { credential_id: first.id });
  await expect(store()).resolves.toBeDefined();
});

test('an edit changes what it names and nothing else', async () => {
  const world = await createWorld();
  const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString();
  const { id } = await storedCredential(world, { expires_at: inAYear, required_permissions: ['a.b.c'] });
  const owner = world.as('OWNER');
  const { result } = await editCredential(owner, { credential_id: id, name: 'Renamed' });
  expect(result).toMatchObject({ name: 'Renamed', secret_version: 1, required_permissions: ['a.b.c'] });
  expect(result.expires_at?.toISOString()).toBe(inAYear);
  const again = await editCredential(owner, { credential_id: id, name: 'Renamed' });
  expect(again.result.updated_at).toEqual(result.updated_at);
  expect((await editCredential(owner, { credential_id: id, expires_at: null })).result.expires_at).toBeNull();
  const late = editCredential(owner, { credential_id: id, expires_at: '2020-01-01T00:00:00Z' });
  await expect(late).rejects.toMatchObject({ fields: [{ path: 'expires_at' }] });
});

test('a new secret of another kind is refused; of the same kind it takes the old one’s place, untested, and is audited', async () => {
  const world = await createWorld();
  const { id, secret } = await storedCredential(world);
  await db().update(cloudCredentials).set({ validationStatus: 'VALID' }).where(eq(cloudCredentials.credentialId, id));
  const edit = (sent: object) => editCredential(world.as('OWNER'), { credential_id: id, ...sent });
  await expect(edit({ secret: secretOf.anthropic_api_key() })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'secret.kind' }],
  });
  expect((await edit({ secret })).result.secret_version).toBe(1);
  const { result } = await edit({ secret: secretOf.openai_api_key() });
  expect(result).toMatchObject({ secret_version: 2, health: 'UNTESTED', previous_until: null });
  const rows = await db().select().from(auditLog).where(eq(auditLog.action, 'credential.edit'));
  const row = rows.find(({ targetId }) => targetId === id);
  expect(row?.before).toMatchObject({ secret_version: 1 });
  expect(row?.after).toMatchObject({ secret_version: 2, secret_hint: result.secret_hint });
});

test('of two secrets stored at once one wins, and the other is told to look again', async () => {
  const world = await createWorld();
  const { id } = await storedCredential(world);
  const edit = () => editCredential(world.as('OWNER'), { credential_id: id, secret: secretOf.openai_api_key() });
  const outcomes = await Promise.allSettled([edit(), edit()]);
  const refused = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toMatchObject([{ code: 'conflict', details: { secret_version: 2 } }]);
  expect((await rowOf(id)).secretVersion).toBe(2);
});

test('deleting is refused while configs name the credential, wipes the secret then, and again changes nothing', async () => {
  const world = await createWorld();
  const { id } = await storedCredential(world);
  const configId = await makeConfig(world, id);
  const remove = () => deleteCredential(world.as('OWNER'), { credential_id: id });
  await expect(remove()).rejects.toMatchObject({ code: 'conflict', details: { configs: [{ config_id: configId }] } });
  expect((await findCredential(world.as('VIEWER'), id)).used_by).toMatchObject([{ config_id: configId }]);
  await db().delete(providerConfigs).where(eq(providerConfigs.configId, configId));
  expect((await remove()).result).toMatchObject({ is_active: false, health: 'DELETED' });
  expect(await rowOf(id)).toMatchObject({ encryptedCredentials: Buffer.alloc(0), previousCredentials: null });
  expect((await remove()).result.is_active).toBe(false);
  const deletions = await db().select().from(auditLog).where(eq(auditLog.targetId, id));
  expect(deletions.filter(({ action }) => action === 'credential.delete')).toHaveLength(1);
  const edit = editCredential(world.as('OWNER'), { credential_id: id, name: 'x' });
  await expect(edit).rejects.toMatchObject({ code: 'conflict' });
  expect((await listCredentials(world.as('VIEWER'), {})).credentials).toEqual([]);
});

test('a config and the deletion of its credential at once: never a config without its credential', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  for (let round = 0; round < 8; round++) {
    const { id } = await storedCredential(world);
    const outcomes = await Promise.allSettled([
      makeConfig(world, id),
      deleteCredential(world.system, { credential_id: id }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});

const faulty: [sentence: string, changed: Record<string, unknown>, message: RegExp][] = [
  ...['type', 'project_id', 'private_key_id', 'private_key', 'client_email', 'token_uri'].map(
    (field): [string, Record<string, unknown>, RegExp] => [
      `no ${field}`,
      { [field]: undefined },
      new RegExp(`The file has no ${field}\\.`),
    ],
  ),
  ['the type of a person', { type: 'authorized_user' }, /type is not service_account/],
  ['half a private key', { private_key: '-----BEGIN PRIVATE KEY-----\nMIIcanary' }, /private_key is not a whole/],
  ['another token_uri', { token_uri: 'https://evil.example/canary' }, /token_uri is not https:\/\/oauth2/],
  ['a number as project', { project_id: 7 }, /no project_id/],
  ['another address', { client_email: 'canary@example.com' }, /client_email/],
  ['a wrong client_id', { client_id: 'canary' }, /client_id/],
];

test.each(faulty)(
  'a service account’s file with %s is refused by name, and nothing of it is repeated',
  async (_, changed, message) => {
    const world = await createWorld();
    const file = serviceAccountFile(changed);
    const secret = { kind: 'gcp_service_account', service_account_json: file };
    const error = await createCredential(world.as('OWNER'), { name: 'x', secret }).catch((caught: unknown) => caught);
    if (!(error instanceof AppError)) throw new Error('it was taken');
    expect(error.fields).toMatchObject([
      { path: 'secret.service_account_json', message: expect.stringMatching(message) },
    ]);
    const said = JSON.stringify([error.message, error.fields, error.details]);
    expect(said).not.toContain('canary');
    for (const line of String(JSON.parse(file).private_key ?? '').split('\n'))
      if (line.length > 30) expect(said).not.toContain(line);
  },
);

test('a file that is no JSON is refused with line and column, and nothing of it is repeated', async () => {
  const world = await createWorld();
  const secret = { kind: 'gcp_service_account', service_account_json: '{\n "private_key": canary }' };
  const error = await createCredential(world.as('OWNER'), { name: 'x', secret }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ fields: [{ message: 'This is not JSON: see line 2, column 17.' }] });
  expect(JSON.stringify(error) + String(error)).not.toContain('canary');
});

test('inputs with a secret in the wrong place, or of the wrong form, never repeat it', async () => {
  const world = await createWorld();
  const canary = 'sk-proj-canary0123456789canary';
  const tries: object[] = [
    { name: canary, secret: secretOf.openai_api_key() },
    { name: 'x', secret: { kind: canary, api_key: 'x' } },
    { name: 'x', secret: { kind: 'openai_api_key', api_key: ` !${canary}` } },
    { name: 'x', secret: { kind: 'openai_api_key', api_key: 'x', [canary]: 1 } },
    { name: 'x', secret: canary },
    { name: 'x', secret: { kind: 'aws_access_key', access_key_id: canary, secret_access_key: canary, region: canary } },
    { name: 'x', secret: { kind: 'azure_client_secret', tenant_id: canary, client_id: canary, client_secret: '' } },
    { name: 'x', secret: secretOf.openai_api_key(), required_permissions: [`${canary} !`] },
    { name: 'x', secret: secretOf.openai_api_key(), expires_at: canary },
  ];
  for (const input of tries) {
    const error = await createCredential(world.as('OWNER'), input).catch((caught: unknown) => caught);
    if (!(error instanceof AppError)) throw new Error(`it was taken: ${JSON.stringify(input)}`);
    expect(error.code).toBe('invalid_input');
    expect(JSON.stringify([error.message, error.fields, error.details])).not.toContain('canary');
  }
});
