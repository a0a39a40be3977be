/** Walks every command: who lacks the permission is refused, a foreign id is not found, and nothing of the victim changes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { secretOf } from '@/dev/testing/credentials/secrets';
import { createWorld, type World } from '@/dev/testing/world';
import { commands } from '@/lib/kernel/command';
import { permissions, roleHas, roles } from '@/lib/kernel/permissions';
import { loadDomains } from '@/lib/laws/tenancy/modules';
import { createVictim, leaks, stateOf, type Victim } from '@/lib/laws/tenancy/victim';
import { randomText } from '@/lib/platform/ids';

type Sample = {
  input: (victim: Victim) => object;
  /** What a stranger's owner gets: nothing of the victim, or a refusal. */
  stranger: 'not_found' | 'own data only';
};

const own = (input: (victim: Victim) => object): Sample => ({ input, stranger: 'own data only' });
const foreign = (input: (victim: Victim) => object): Sample => ({ input, stranger: 'not_found' });

/** A sound input of each command, with the victim's ids where it takes ids; a command that is not here fails the walk. */
const samples: Record<string, Sample> = {
  'ai_budget.create': own(() => ({ scope: 'model', subject: `mine-${randomText(8)}`, amount_usd: 10 })),
  'ai_budget.edit': foreign(victim => ({ budget_id: victim.budgetId, amount_usd: 1 })),
  'ai_budget.delete': foreign(victim => ({ budget_id: victim.budgetId })),
  'agent_log.erase_user': foreign(victim => ({ user_id: victim.developerId })),
  'agent_log.set_masking': own(() => ({ mask_emails: true })),
  'api_key.create': own(() => ({ name: 'mine', scopes: ['runs:read'] })),
  'api_key.rename': foreign(victim => ({ api_key_id: victim.keyId, name: 'stolen' })),
  'api_key.rotate': foreign(victim => ({ api_key_id: victim.keyId, grace_seconds: 0 })),
  'api_key.end_grace': foreign(victim => ({ api_key_id: victim.keyId })),
  'api_key.revoke': foreign(victim => ({ api_key_id: victim.keyId })),
  'api_key.set_tier': foreign(victim => ({ api_key_id: victim.keyId, rate_limit_tier: 'UNLIMITED' })),
  'api_key.set_limit': own(() => ({ max_active_keys: 100 })),
  'api_key.deactivate_expired': own(() => ({})),
  'service_key.create': own(() => ({ name: 'mine', scopes: ['keys:verify'] })),
  'service_key.revoke': foreign(victim => ({ api_key_id: victim.keyId })),
  'audit.archive': own(() => ({ month: '1990-01' })),
  'credential.create': own(() => ({ name: 'mine', secret: secretOf.openai_api_key() })),
  'credential.edit': foreign(victim => ({ credential_id: victim.credentialId, name: 'stolen' })),
  'credential.rotate': foreign(victim => ({
    credential_id: victim.credentialId,
    secret: secretOf.openai_api_key(),
  })),
  'credential.end_overlap': foreign(victim => ({ credential_id: victim.credentialId })),
  'credential.wipe_overlaps': own(() => ({})),
  'credential.delete': foreign(victim => ({ credential_id: victim.credentialId })),
  'credential.test': foreign(victim => ({ credential_id: victim.credentialId })),
  'credential.test_secret': own(() => ({ secret: { kind: 'openai_api_key', api_key: `sk-${randomText(30)}` } })),
  'customer.create': own(() => ({ company_name: 'Mine', plan: 'SCALE', owner_email: 'mine@example.com' })),
  'customer.sign_up': own(() => ({ company_name: 'Mine', plan: 'STARTER' })),
  'customer.record_stripe': own(() => ({ stripe_customer_id: 'cus_mine' })),
  'customer.erase': own(() => ({})),
  'repository.connect': foreign(victim => ({ repo: 'acme/mine', credential_id: victim.githubCredentialId })),
  'repository.edit': foreign(victim => ({
    repository_id: victim.repositoryId,
    credential_id: victim.githubCredentialId,
  })),
  'repository.disconnect': foreign(victim => ({ repository_id: victim.repositoryId })),
  'repository.renew_secret': foreign(victim => ({ repository_id: victim.repositoryId })),
  'repository.sync': foreign(victim => ({ repository_id: victim.repositoryId })),
  'run.cancel': foreign(victim => ({ pipeline_logging_ids: [victim.runningId] })),
  'run.again': foreign(victim => ({ pipeline_logging_ids: [victim.endedId], idempotency_key: randomText(12) })),
  'provider_config.create': own(() => ({ name: 'mine', provider: 'GCP', domain: 'COST' })),
  'provider_config.edit': foreign(victim => ({ config_id: victim.configId, name: 'stolen' })),
  'provider_config.duplicate': foreign(victim => ({ config_id: victim.configId, name: 'stolen' })),
  'provider_config.enable': foreign(victim => ({ config_id: victim.configId })),
  'provider_config.disable': foreign(victim => ({ config_id: victim.configId })),
  'provider_config.delete': foreign(victim => ({ config_id: victim.configId })),
  'provider_config.test_slack': foreign(victim => ({ config_id: victim.configId })),
  'provider_config.run': foreign(victim => ({ config_id: victim.configId })),
  'desk.run_query': own(() => ({ sql: 'SELECT sha FROM commits', asked_via: 'portal' })),
  'desk.save_query': own(() => ({ query_name: `Mine ${randomText(8)}`, sql: 'SELECT 1' })),
  'desk.change_saved_query': foreign(victim => ({ saved_query_id: victim.savedQueryId, query_name: 'stolen' })),
  'desk.delete_saved_query': foreign(victim => ({ saved_query_id: victim.savedQueryId })),
  'desk.set_caps': own(() => ({ max_bytes_per_query: 20_971_520 })),
  'desk.set_key_cap': foreign(victim => ({ api_key_id: victim.keyId, max_bytes_per_query: 20_971_520 })),
  'dead_row.replay': foreign(victim => ({ source_id: victim.sourceId, dead_row_ids: [victim.deadRowId] })),
  'discard.replay': foreign(victim => ({ source_id: victim.sourceId, discard_id: victim.discardId })),
  'discard.allow': foreign(victim => ({ source_id: victim.sourceId, discard_id: victim.discardId })),
  'event_limit.set': own(() => ({ max_events_per_month: 10 })),
  'event_source.create': own(() => ({ name: `Mine ${randomText(8)}` })),
  'event_source.edit': foreign(victim => ({ source_id: victim.sourceId, name: 'stolen' })),
  'event_source.delete': foreign(victim => ({ source_id: victim.sourceId })),
  'event_source.rotate_key': foreign(victim => ({ source_id: victim.sourceId, overlap_seconds: 0 })),
  'event_source.revoke_key': foreign(victim => ({ source_id: victim.sourceId, write_key: victim.writeKey })),
  'model_price.import': own(() => ({
    prices: [{ provider: 'anthropic', model: `mine-${randomText(8)}`, input_usd: 1, output_usd: 2 }],
  })),
  'model_price.set': own(() => ({ model: `mine-${randomText(8)}`, input_usd: 1, output_usd: 2 })),
  'model_price.reprice': own(() => ({ days: 7 })),
  'model_price.delete': foreign(victim => ({ price_id: victim.priceId })),
  'identity.confirm': own(() => ({ developer_id: 'mine@example.com', login: 'mine' })),
  'identity.reject': foreign(victim => ({ developer_id: victim.developerId })),
  'identity.remove': foreign(victim => ({ developer_id: victim.developerId })),
  'identity.import': own(() => ({ csv: 'developer_id,login\nours@example.com,mine' })),
  'organization.update': own(() => ({ company_name: 'Mine', billing_email: 'bills@example.com' })),
  'organization.request_deletion': own(() => ({ confirm: 'Mine' })),
  'organization.restore': own(() => ({})),
  'profile.hide_checklist': own(() => ({ hidden: true })),
  'job.run': own(() => ({ job: 'audit.settle_denials' })),
  'quota.set_limits': own(() => ({ dailyLimit: 1000 })),
  'customer.suspend': own(() => ({ reason: 'abuse' })),
  'customer.unsuspend': own(() => ({ reason: 'settled' })),
  'subscription.extend_trial': own(() => ({ days: 30, reason: 'a favour' })),
  'subscription.expire': own(() => ({})),
  'subscription.start_checkout': own(() => ({ plan: 'SCALE' })),
  'subscription.open_portal': own(() => ({})),
  'subscription.change_plan': own(() => ({ plan: 'STARTER' })),
  'subscription.keep_plan': own(() => ({})),
  'subscription.pay_owed': own(() => ({})),
  'stripe_event.replay': foreign(() => ({ event_id: 'evt_foreign' })),
  'table.recreate': own(() => ({ dataset: 'mine', table: 'step_logs', rows: 1, rowsInPostgres: 1 })),
  'team.invite': own(() => ({ emails: [`guest-${randomText(8)}@example.com`], role: 'VIEWER' })),
  'team.resend_invitation': foreign(victim => ({ member_id: victim.invitationId })),
  'team.cancel_invitation': foreign(victim => ({ member_id: victim.invitationId })),
  'team.accept_invitation': foreign(victim => ({ member_id: victim.invitationId })),
  'team.change_role': foreign(victim => ({ member_id: victim.world.members.VIEWER.memberId, role: 'ADMIN' })),
  'team.transfer_ownership': foreign(victim => ({ member_id: victim.world.members.ADMIN.memberId })),
  'team.remove': foreign(victim => ({ member_id: victim.world.members.VIEWER.memberId })),
  'team.leave': own(() => ({})),
  'team.add_member': own(() => ({ email: 'guest@example.com', role: 'VIEWER' })),
  'trace_dead_row.replay': foreign(victim => ({ dead_row_ids: [victim.traceDeadRowId] })),
  'trace_retention.set': own(() => ({ keep_days: 30 })),
  'user.sign_in': own(() => ({ email: 'guest@example.com', googleSub: null, fullName: null, avatarUrl: null })),
  'lineage_event.apply_again': foreign(victim => ({ event_id: victim.lineageEventId })),
  'notification.set_preferences': own(() => ({ mail: ['run_failed'] })),
  'notification.retry': foreign(() => ({ notification_id: 'ntf_foreign' })),
  'profile.update': own(() => ({ time_display: 'exact' })),
};

await loadDomains();
const names = [...commands().keys()].sort();

describe('commands', () => {
  let victim: Victim;
  let stranger: World;
  beforeAll(async () => {
    victim = await createVictim();
    stranger = await createWorld({ plan: 'SCALE' });
  });

  test('the walk knows every command', () => expect(names.filter(name => !samples[name])).toEqual([]));

  test('names are <noun>.<verb>, as the audit log shows them', () =>
    expect(names.filter(name => !/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/.test(name))).toEqual([]));

  test.each(names)('%s refuses every role without its permission', async name => {
    const command = commands().get(name)!;
    for (const role of roles.filter(item => !roleHas(item, command.permission))) {
      await expect(command(stranger.as(role), samples[name]!.input(victim)), role).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
  });

  test.each(names)('%s refuses a key without the scope', async name => {
    const command = commands().get(name)!;
    const ctx = { ...stranger.as('OWNER'), actor: { type: 'api_key', id: 'key', name: 'key', scopes: [] } as const };
    await expect(command(ctx, samples[name]!.input(victim))).rejects.toMatchObject({ code: 'insufficient_scope' });
  });

  test.each(names)('%s of a stranger neither changes nor shows the victim', async name => {
    const command = commands().get(name)!;
    if (permissions[command.permission].roles.length === 0) return;
    const before = await stateOf(victim);
    const answer = await command(stranger.as('OWNER'), samples[name]!.input(victim)).catch(
      (error: unknown) => error as { code?: string; message: string },
    );
    if (samples[name]!.stranger === 'not_found') expect(answer).toMatchObject({ code: 'not_found' });
    expect(leaks(victim, answer instanceof Error ? answer.message : answer)).toEqual([]);
    expect(await stateOf(victim)).toBe(before);
  });
});
