/** What people change is shown at once: every query lays it over BigQuery's rows, exactly as its statement will answer it later. */
import { expect, test } from 'vitest';
import { secretOf, storedCredential } from '@/dev/testing/credentials/secrets';
import { checkReport, runInput, stepReport } from '@/dev/testing/quota';
import { invited } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { deleteCredential } from '@/lib/domains/credentials/commands';
import { rotateCredential } from '@/lib/domains/credentials/rotation';
import { createKey, revokeKey } from '@/lib/domains/keys/commands';
import { rotateKey } from '@/lib/domains/keys/rotation';
import { createConfig, deleteConfig, duplicateConfig, editConfig } from '@/lib/domains/providers/commands';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { invoicesMirror } from '@/lib/domains/subscriptions/mirror';
import { invoices } from '@/lib/domains/subscriptions/tables';
import { removeMember } from '@/lib/domains/team/departures';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { enqueue } from '@/lib/kernel/outbox';
import { loadDomains } from '@/lib/laws/tenancy/modules';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { sqlFile } from '@/lib/platform/sql-file';
import { mirrors } from '@/lib/warehouse/mirror/define-mirror';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { type Query, queries } from '@/lib/warehouse/query/define-query';
import { clearQueryCache } from '@/lib/warehouse/query/query-cache';

await loadDomains();
const all = [...queries().values()];
const overlaid = all.filter(query => 'tables' in query.overlay);

test('every query lays changes over the mirrored tables it reads, or says why it need not', () => {
  const broken = all.filter(({ overlay, sql }) =>
    'tables' in overlay
      ? sqlFile(sql).tables.toSorted().join() !== overlay.tables.toSorted().join() ||
        !overlay.tables.every(table => mirrors().has(table))
      : overlay.reason.length < 40,
  );
  expect(broken.map(({ queryName }) => queryName)).toEqual([]);
});

/** Parameters that try each filter and order; a query with an overlay that is not here fails. */
const samples: Record<string, object[]> = {
  'api_key.list': [
    {},
    { status: 'all', limit: 2 },
    { status: 'all', sort: 'expires', dir: 'asc' },
    { status: 'expiring', sort: 'last_used' },
    { status: 'revoked', q: 'REV' },
    { status: 'expired' },
  ],
  'api_key.list_expiring': [{}],
  'provider_config.list': [
    {},
    { state: 'off' },
    { provider: 'AWS', state: 'on' },
    { q: 'COPIED', domain: 'SECURITY' },
    { tag: 'nightly' },
  ],
  'credential.list': [
    {},
    { sort: 'name', dir: 'asc', limit: 2 },
    { sort: 'expires', dir: 'asc' },
    { sort: 'last_used', provider: 'OPENAI' },
    { health: 'expires_soon' },
    { health: 'untested', q: 'LATER' },
  ],
  'team.list_members': [{}],
  'team.list_invitations': [{}],
  'subscription.list_invoices': [{}, { limit: 1 }],
  'audit.list_entries': [{}, { action: 'api_key.revoke' }, { actor: 'system', target: 'api_key', limit: 2 }].map(
    filter => ({ ...filter, first_day: '2020-01-01' }),
  ),
  'run.list': [
    {},
    { status: 'FAILED' },
    { status: 'CANCELLED', limit: 1 },
    { pipeline: 'b', trigger: 'api', limit: 2 },
  ],
};

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function insertInvoices({ customerId }: World): Promise<void> {
  const facts = { customerId, currency: 'USD', amountDueCents: 900, amountPaidCents: 0 };
  await db().transaction(async tx => {
    const rows = await tx
      .insert(invoices)
      .values([
        { ...facts, invoiceId: newId('in'), status: 'open', totalCents: 900, createdAt: new Date(Date.now() - 2_000) },
        { ...facts, invoiceId: newId('in'), status: 'paid', totalCents: 900, createdAt: new Date() },
        { ...facts, invoiceId: newId('in'), status: 'draft', totalCents: 900, createdAt: new Date() },
        { ...facts, invoiceId: newId('in'), status: 'paid', totalCents: 0, createdAt: new Date() },
      ])
      .returning();
    await enqueue(
      tx,
      rows.map(row => invoicesMirror.ref(row)),
    );
  });
}

/** Runs in every state, one of them with a failed check. */
async function reportRuns({ system }: World): Promise<void> {
  const start = async (pipeline_id: string) =>
    (await startRun(system, { ...runInput(), pipeline_id })).run.pipelineLoggingId;
  const failed = await start('a');
  await reportSteps(system, { steps: [stepReport({})] }, failed);
  const check = checkReport({ expectations_failed: 2, overall_status: 'FAIL' });
  await reportChecks(system, { dq_results: [check, checkReport({})] }, failed);
  await completeRun(system, { status: 'FAILED', error_message: `${'é'.repeat(400)} boom` }, failed);
  await completeRun(system, { status: 'CANCELLED' }, await start('b'));
  await completeRun(system, { status: 'COMPLETED' }, await start('b'));
  await start('b');
}

/** Configs that are on, off, copied, changed and deleted. */
async function makeConfigs({ system }: World): Promise<void> {
  const make = async (name: string, more: object) =>
    (await createConfig(system, { name, provider: 'GCP', domain: 'COST', ...more })).result.config_id;
  const kept = await make('kept', { provider: 'AWS', tags: ['nightly', 'é'], default_parameters: { a: 1 } });
  await make('off', { is_active: false, description: 'nobody needs it' });
  await duplicateConfig(system, { config_id: await make('first', { domain: 'SECURITY' }), name: 'is copied' });
  await editConfig(system, { config_id: kept, notification_emails: ['a@example.com'], schedule_cron: '0 2 * * *' });
  await deleteConfig(system, { config_id: await make('gone', {}) });
}

/** A customer that did everything, nothing of which BigQuery has got. */
async function busyWorld(): Promise<World> {
  const world = await createWorld({ plan: 'SCALE' });
  const make = async (name: string, expires_at: string | null = null) =>
    (await createKey(world.system, { name, scopes: ['runs:read'], expires_at })).result.key.api_key_id;
  const [replaced, revoked] = [await make('replaced', inDays(5)), await make('revoked')];
  await make('ends soon', inDays(3));
  await make('ends later', inDays(60));
  await rotateKey(world.system, { api_key_id: replaced, grace_seconds: 3_600 });
  await revokeKey(world.system, { api_key_id: revoked });
  await storedCredential(world, { name: 'Ends soon', expires_at: inDays(3) });
  await storedCredential(world, { name: 'ends later', secret: secretOf.aws_role(), expires_at: inDays(60) });
  const gone = await storedCredential(world, { name: 'deleted' });
  await deleteCredential(world.system, { credential_id: gone.id });
  const rotated = await storedCredential(world, { name: 'rotated' });
  await rotateCredential(world.system, { credential_id: rotated.id, secret: secretOf.openai_api_key() });
  await invited(world);
  await removeMember(world.system, { member_id: world.members.VIEWER.memberId });
  await insertInvoices(world);
  await makeConfigs(world);
  await reportRuns(world);
  return world;
}

/** How many match is BigQuery's to count; everything else must agree. */
const comparable = ({ rows, more }: Awaited<ReturnType<Query>>) => ({
  more,
  rows: rows.map(row => ({ ...(row as object), total: null })),
});

test('the walk knows every query with an overlay', () => {
  expect(overlaid.map(({ queryName }) => queryName).filter(name => !samples[name])).toEqual([]);
});

test('rows laid over are those that BigQuery answers once it has them, in its order and with its page ends', {
  timeout: 180_000,
}, async () => {
  const world = await busyWorld();
  const owner = world.as('OWNER');
  const asked = overlaid.flatMap(query => (samples[query.queryName] ?? []).map(params => ({ query, params })));
  const answers = async () => {
    clearQueryCache();
    const made = [];
    for (const { query, params } of asked) {
      const answer = await query(owner, params as never);
      made.push({ query: query.queryName, params, updating: answer.updating.size, ...comparable(answer) });
    }
    return made;
  };
  const before = await answers();
  await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
  const after = await answers();
  expect(before.map(({ updating: _updating, ...answer }) => answer)).toEqual(
    after.map(({ updating: _updating, ...answer }) => answer),
  );
  expect(before.map(({ rows, updating, more }) => [rows.length > 0, updating > 0 || more])).not.toContainEqual([
    true,
    false,
  ]);
  expect(after.every(({ updating }) => updating === 0)).toBe(true);
  expect(after.filter(({ rows }) => rows.length === 0).map(({ params }) => params)).toEqual([{ status: 'expired' }]);
});
