/** Walks every query: with the victim's ids as parameters a stranger gets not one of its bytes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { roleHas, roles } from '@/lib/kernel/permissions';
import { loadDomains } from '@/lib/laws/tenancy/modules';
import { createVictim, leaks, type Victim } from '@/lib/laws/tenancy/victim';
import { addDays, utcDay } from '@/lib/platform/clock';
import { queries } from '@/lib/warehouse/query/define-query';

const today = utcDay(new Date());
const week = { fromDay: addDays(today, -6), toDay: today };
const listOfRuns = { limit: 50 };
const traceDays = { from: week.fromDay, to: today };
const pullScope = { ...traceDays, firstRequestDay: week.fromDay, identities: [] };

/** Sound parameters of each query, with the victim's ids where it takes ids; a query that is not here fails the walk. */
const samples: Record<string, (victim: Victim) => object> = {
  'customer.list_active': () => ({}),
  'customer.list_trials_ending': () => ({}),
  'subscription.report_customers': () => ({ firstDay: `${today.slice(0, 7)}-01`, lastDay: today }),
  'subscription.report_invoices': () => ({ firstDay: `${today.slice(0, 7)}-01`, lastDay: today }),
  'subscription.report_changes': () => ({ firstDay: `${today.slice(0, 7)}-01`, lastDay: today }),
  'team.list_members': () => ({}),
  'team.list_invitations': () => ({}),
  'api_key.list': () => ({ status: 'all' }),
  'provider_config.list': () => ({}),
  'credential.list': () => ({}),
  'audit.list_entries': victim => ({ actor: `user:${victim.world.members.OWNER.userId}`, first_day: '2020-01-01' }),
  'audit.list_actors': () => ({ first_day: '2020-01-01' }),
  'api_key.list_expiring': () => ({}),
  'api_key.list_expired': () => ({}),
  'run.list': () => listOfRuns,
  'run.get': victim => ({ pipelineLoggingId: victim.runningId, startDay: today }),
  'run.list_steps': victim => ({ pipelineLoggingId: victim.runningId, startDay: today }),
  'run.list_checks': victim => ({ pipelineLoggingId: victim.runningId, startDay: today }),
  'run.list_check_histories': () => ({ checks: ['project.dataset.table\nnulls'], until: new Date() }),
  'run.list_check_outcomes': victim => ({ pipelineLoggingId: victim.runningId, startDay: today }),
  'run.list_step_totals': victim => ({ pipelineLoggingId: victim.runningId, startDay: today }),
  'run.count': () => ({
    by: 'key',
    step: 'day',
    from: new Date(`${week.fromDay}T00:00:00Z`),
    until: new Date(`${addDays(today, 1)}T00:00:00Z`),
  }),
  'run.count_observed_days': () => ({ from: week.fromDay, to: today }),
  'run.count_recent': () => ({}),
  'run.list_failed': () => ({}),
  'run.list_failed_steps': victim => ({ runIds: [victim.endedId], fromDay: today, toDay: today }),
  'run.list_pipelines': () => ({}),
  'run.list_checked_tables': () => ({}),
  'run.list_checks_of_days': () => ({ from: week.fromDay, to: today }),
  'run.count_table_days': () => ({ table: 'project.dataset.table' }),
  'run.list_table_failures': () => ({ table: 'project.dataset.table' }),
  'run.list_error_kinds': () => week,
  'run.list_failing_pipelines': () => ({}),
  'run.list_longest_steps': () => ({}),
  'run.list_failed_checks': () => ({}),
  'subscription.list_invoices': () => ({}),
  'event.list_of_user': victim => ({ source_id: victim.sourceId, person: 'mia', days: 7, until: today }),
  'ai_usage.count': () => ({ by: 'developer', ...traceDays }),
  'ai_usage.list_days': () => ({ by: 'developer', ...traceDays }),
  'ai_usage.list_names': () => traceDays,
  'ai_session.list': () => ({ limit: 50, ...traceDays }),
  'ai_session.list_requests': victim => ({ id: victim.sessionId, ...traceDays }),
  'ai_session.list_developers': () => traceDays,
  'ai_session.list_costly': () => traceDays,
  'ai_model.list': () => traceDays,
  'ai_budget.count_costs': () => ({ ...traceDays, subjects: ['all:'] }),
  'agent_tool.list': () => traceDays,
  'agent_tool.list_days': () => traceDays,
  'agent_tool.list_running': () => traceDays,
  'agent_session.list': () => ({ limit: 50, ...traceDays }),
  'agent_session.list_events': victim => ({ id: victim.sessionId, content: '1', ...traceDays }),
  'agent_error.list': () => traceDays,
  'agent_snapshot.list': () => ({ limit: 50, ...traceDays }),
  'model_price.list_unpriced': () => traceDays,
  'trace_retention.count_older': () => ({ before: today }),
  'identity.list_developers': () => traceDays,
  'pull_request.list': () => ({ sort: 'cost', limit: 50, ...pullScope }),
  'pull_request.count_cost': () => pullScope,
  'pull_request.list_sessions': victim => ({ pullRequestId: victim.pullRequestId, identities: [], ...traceDays }),
  'pull_request.correlate': () => ({ ...traceDays, firstRequestDay: week.fromDay }),
  'quota.list_days': () => week,
  'quota.get_day': () => ({ day: today }),
  'quota.list_utilization': () => ({}),
};

await loadDomains();
const names = [...queries().keys()].sort();

describe('queries', () => {
  let victim: Victim;
  let stranger: World;
  beforeAll(async () => {
    victim = await createVictim();
    stranger = await createWorld();
  });

  test('the walk knows every query', () => expect(names.filter(name => !samples[name])).toEqual([]));

  test('names are <noun>.<verb>, as logs, labels and refusals show them', () =>
    expect(names.filter(name => !/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/.test(name))).toEqual([]));

  test.each(names)('%s shows a stranger nothing of the victim', async name => {
    const query = queries().get(name)!;
    const call = query(stranger.as('OWNER'), samples[name]!(victim) as never);
    if (query.staff) return expect(call).rejects.toMatchObject({ code: 'forbidden' });
    // A question about one thing of another customer finds nothing to ask about.
    const rows = await call.then(
      answer => answer.rows,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'not_found' });
        return [];
      },
    );
    expect(leaks(victim, rows)).toEqual([]);
  });

  test.each(names.filter(name => !queries().get(name)!.staff))(
    '%s answers the victim’s own viewer, or the least of its roles that may ask',
    async name => {
      const query = queries().get(name)!;
      const role = roles.findLast(item => roleHas(item, query.permission)) ?? 'OWNER';
      const answer = await query(victim.world.as(role), samples[name]!(victim) as never);
      expect(['current', 'refreshing']).toContain(answer.state);
    },
  );

  test.each(names)('%s refuses a key without the scope', async name => {
    const ctx = { ...stranger.as('OWNER'), actor: { type: 'api_key', id: 'key', name: 'key', scopes: [] } as const };
    await expect(queries().get(name)!(ctx, samples[name]!(victim) as never)).rejects.toMatchObject({
      code: 'insufficient_scope',
    });
  });
});
