import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld, type World } from '@/dev/testing/world';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { disableConfig, enableConfig } from '@/lib/domains/providers/activation';
import { createConfig, deleteConfig, duplicateConfig, editConfig } from '@/lib/domains/providers/commands';
import { findConfig, providerUse } from '@/lib/domains/providers/queries';
import { maxConfigs } from '@/lib/domains/providers/rules';
import { runConfig } from '@/lib/domains/providers/schedule/run-config';
import { openWebhook } from '@/lib/domains/providers/stored-config';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { runs } from '@/lib/domains/runs/tables';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newId, randomText } from '@/lib/platform/ids';

const sound = { name: 'Costs', provider: 'GCP', domain: 'COST' } as const;
// Made of pieces, so that no scanner takes it for an address of somebody's channel.
const webhook = ['https://hooks.slack.com/services', 'T00000001', 'B00000001', 'a'.repeat(24)].join('/');

async function insertCredential(world: World, provider: 'GCP' | 'AWS', change = {}): Promise<string> {
  const credentialId = newId('crd');
  const at = new Date();
  const kind = provider === 'GCP' ? ('gcp_service_account' as const) : ('aws_access_key' as const);
  const row = {
    credentialId,
    customerId: world.customerId,
    provider,
    credentialType: 'API_KEY' as const,
    kind,
    credentialName: `Credential ${credentialId}`,
    encryptedCredentials: Buffer.from('sealed'),
    secretStoredAt: at,
    secretHint: '0000',
    createdAt: at,
    createdBy: 'test',
    updatedAt: at,
    ...change,
  };
  await db().insert(cloudCredentials).values(row);
  return credentialId;
}

const stored = async (configId: string) =>
  (await db().select().from(providerConfigs).where(eq(providerConfigs.configId, configId)))[0];
const conflict = { code: 'conflict' };
const fieldError = (path: string) => ({ code: 'invalid_input', fields: [expect.objectContaining({ path })] });

test('50 turned on at once for one place: exactly one is on', async () => {
  const world = await createWorld();
  for (let at = 0; at < 2; at++) await insertConfig(world);
  const off = await Promise.all(Array.from({ length: 50 }, () => insertConfig(world, { isActive: false })));
  const results = await Promise.allSettled(
    off.map(({ configId }) => enableConfig(world.as('COLLABORATOR'), { config_id: configId })),
  );
  expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject(conflict);
  expect(await providerUse(world.as('VIEWER'))).toEqual({ active: 3, limit: 3 });
});

test('a plan that is full refuses another one that is on, and names the plan that has room', async () => {
  const world = await createWorld();
  for (let at = 0; at < 3; at++) await insertConfig(world);
  const refusal = {
    code: 'conflict',
    message: 'All 3 providers are in use. Turn one off or change the plan.',
    details: { plan_with_room: 'PROFESSIONAL', providers_of_that_plan: 6 },
  };
  await expect(createConfig(world.as('OWNER'), sound)).rejects.toMatchObject(refusal);
  const { result } = await createConfig(world.as('OWNER'), { ...sound, is_active: false });
  await expect(enableConfig(world.as('OWNER'), { config_id: result.config_id })).rejects.toMatchObject(refusal);
  const copy = await duplicateConfig(world.as('OWNER'), { config_id: result.config_id, name: 'Copy' });
  expect(copy.result).toMatchObject({ is_active: false, name: 'Copy', last_run_at: null });
});

test('a downgrade below what is on turns nothing off and refuses a further one', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  const configs = [];
  for (let at = 0; at < 5; at++) configs.push(await insertConfig(world));
  await db().update(subscriptions).set({ maxProviders: 3 }).where(eq(subscriptions.customerId, world.customerId));
  expect(await providerUse(world.as('VIEWER'))).toEqual({ active: 5, limit: 3 });
  await expect(createConfig(world.as('OWNER'), sound)).rejects.toMatchObject({
    message: 'The plan has 3 providers and 5 are on. Turn 3 off or change the plan.',
  });
  await disableConfig(world.as('OWNER'), { config_id: configs[0]!.configId });
  expect(await providerUse(world.as('VIEWER'))).toEqual({ active: 4, limit: 3 });
});

test(`a customer has at most ${maxConfigs} configs, copies and those that are off included`, async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { result } = await createConfig(world.as('OWNER'), { ...sound, is_active: false });
  const row = (await stored(result.config_id))!;
  await db()
    .insert(providerConfigs)
    .values(
      Array.from({ length: maxConfigs - 1 }, () => {
        const configId = newId('cfg');
        return { ...row, configId, configName: configId };
      }),
    );
  await expect(createConfig(world.as('OWNER'), { ...sound, name: 'One more' })).rejects.toMatchObject(conflict);
  const copy = { config_id: result.config_id, name: 'One more' };
  await expect(duplicateConfig(world.as('OWNER'), copy)).rejects.toMatchObject(conflict);
});

test('a double click makes one config; the same form changed afterwards is refused', async () => {
  const world = await createWorld();
  const form = { ...sound, request_token: randomText(12) };
  const made = await Promise.all([1, 2, 3].map(() => createConfig(world.as('OWNER'), form)));
  expect(new Set(made.map(({ result }) => result.config_id)).size).toBe(1);
  await expect(createConfig(world.as('OWNER'), { ...form, name: 'Other' })).rejects.toMatchObject(conflict);
  await expect(createConfig(world.as('OWNER'), { ...sound, name: 'COSTS' })).rejects.toMatchObject(fieldError('name'));
});

test('a config takes only an active credential of its own customer and provider; several clouds take any', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const owner = world.as('OWNER');
  const wrong = [
    await insertCredential(other, 'GCP'),
    await insertCredential(world, 'GCP', { isActive: false }),
    await insertCredential(world, 'AWS'),
    'crd_nobody',
  ];
  for (const credential_id of wrong)
    await expect(createConfig(owner, { ...sound, credential_id })).rejects.toMatchObject(fieldError('credential_id'));
  const own = await insertCredential(world, 'GCP');
  const { result } = await createConfig(owner, { ...sound, credential_id: own });
  expect((await findConfig(owner, result.config_id)).credential).toMatchObject({ credential_id: own, provider: 'GCP' });
  const id = { config_id: result.config_id };
  await expect(editConfig(owner, { ...id, credential_id: wrong[0] })).rejects.toMatchObject(
    fieldError('credential_id'),
  );
  await expect(editConfig(owner, { ...id, provider: 'AWS' })).rejects.toMatchObject(fieldError('credential_id'));
  await editConfig(owner, { ...id, provider: 'MULTI_CLOUD', credential_id: wrong[2] });
});

test('of two changes to one version the second is refused; the same again changes nothing', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const { result } = await createConfig(owner, sound);
  const change = { config_id: result.config_id, version: result.version };
  const both = await Promise.allSettled([
    editConfig(owner, { ...change, description: 'one' }),
    editConfig(owner, { ...change, description: 'two' }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { ...conflict, details: { version: 2 } },
  });
  const again = await editConfig(owner, { config_id: result.config_id, domain: 'COST', name: 'Costs' });
  expect(again.result.version).toBe(2);
});

test('the next run follows the schedule and the switch', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  await expect(createConfig(owner, { ...sound, schedule_enabled: true })).rejects.toMatchObject(
    fieldError('schedule_cron'),
  );
  const { result } = await createConfig(owner, { ...sound, schedule_enabled: true, schedule_cron: '0 2 * * *' });
  const id = { config_id: result.config_id };
  expect(result.next_run_at?.getUTCHours()).toBe(2);
  const berlin = await editConfig(owner, { ...id, schedule_timezone: 'Asia/Tokyo' });
  expect(berlin.result.next_run_at?.getUTCHours()).toBe(17);
  expect((await disableConfig(owner, id)).result.next_run_at).toBeNull();
  expect((await enableConfig(owner, id)).result.next_run_at?.getUTCHours()).toBe(17);
  expect((await editConfig(owner, { ...id, schedule_enabled: false })).result.next_run_at).toBeNull();
  await expect(editConfig(owner, { ...id, schedule_enabled: true, schedule_cron: null })).rejects.toMatchObject(
    fieldError('schedule_cron'),
  );
});

test('switching off and deleting cancel the runs that wait', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  for (const end of [disableConfig, deleteConfig]) {
    const { configId } = await insertConfig(world);
    const { result } = await runConfig(owner, { config_id: configId });
    await end(owner, { config_id: configId });
    const [run] = await db().select().from(runs).where(eq(runs.pipelineLoggingId, result.pipeline_logging_id));
    expect(run?.status).toBe('CANCELLED');
  }
});

test('the Slack webhook is kept sealed for its config alone: a copy gets its own, a swapped ciphertext does not open', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const { result } = await createConfig(owner, { ...sound, slack_webhook_url: webhook });
  const copied = await duplicateConfig(owner, { config_id: result.config_id, name: 'Copy' });
  const [first, second] = [(await stored(result.config_id))!, (await stored(copied.result.config_id))!];
  const open = (id: string, sealed: Buffer | null) => openWebhook(world.customerId, id, sealed!);
  expect(await open(first.configId, first.sealedSlackWebhook)).toBe(webhook);
  expect(await open(second.configId, second.sealedSlackWebhook)).toBe(webhook);
  await expect(open(first.configId, second.sealedSlackWebhook)).rejects.toThrow();
  const flipped = Buffer.from(first.sealedSlackWebhook!);
  flipped[flipped.length - 1]! ^= 1;
  await expect(open(first.configId, flipped)).rejects.toThrow();
  const kept = await editConfig(owner, { config_id: result.config_id, description: 'kept' });
  expect(kept.result.slack_set_at).not.toBeNull();
  const removed = await editConfig(owner, { config_id: result.config_id, slack_webhook_url: null });
  expect(removed.result.slack_set_at).toBeNull();
  expect((await stored(result.config_id))?.sealedSlackWebhook).toBeNull();
});

test('the audit log keeps what changed of the JSON, and neither the webhook nor what looks like a secret', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const secret = `sk-ant-${randomText(30)}`;
  const { result } = await createConfig(owner, {
    ...sound,
    slack_webhook_url: webhook,
    default_parameters: { region: 'eu', api_key: 'abcdefgh', note: `use ${secret}` },
  });
  await editConfig(owner, { config_id: result.config_id, default_parameters: { region: 'us', api_key: 'other' } });
  const entries = await db().select().from(auditLog).where(eq(auditLog.targetId, result.config_id));
  const text = JSON.stringify(entries);
  for (const hidden of [webhook, secret, 'abcdefgh']) expect(text).not.toContain(hidden);
  const edit = entries.find(entry => entry.action === 'provider_config.edit');
  expect(edit).toMatchObject({
    before: { default_parameters: { region: 'eu' } },
    after: { default_parameters: { region: 'us', api_key: '[secret]' } },
  });
});
