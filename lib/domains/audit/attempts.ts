/** What is said of who was refused something: a command, the page of its form, or a read. */
import { auditActions } from '@/lib/domains/audit/rules';

/** Pages, reads and calls of the data plane; only a refusal of one is in the log. */
const attempts: Record<string, string> = {
  'customer.list_suspended': 'list suspended organizations',
  'provider_config.count_by_credential': 'see what uses a credential',
  'provider_config.list_next_runs': 'see when pipelines run next',
  'provider_config.list_troubled': 'see provider configs that fail',
  'api_key.count': 'list API keys',
  'api_key.list': 'list API keys',
  'api_key.list_expiring': 'list API keys',
  'api_key.list_expired': 'list API keys',
  'api_key.read': 'see an API key',
  'api_key.read_calls': 'see an API key’s calls',
  'api_key.authenticate': 'use a key that is not valid',
  'ai_budget.count_costs': 'see budgets of AI usage',
  'ai_budget.list': 'see budgets of AI usage',
  'ai_budget.list_spent': 'see budgets of AI usage',
  'ai_budget.read': 'see a budget of AI usage',
  'model_price.list': 'see prices of AI models',
  'model_price.read': 'see a price of an AI model',
  'model_price.list_unpriced': 'see AI models without a price',
  'model_price.list_recomputes': 'see recalculated costs of AI usage',
  'audit.list_actors': 'read the audit log',
  'audit.list_entries': 'read the audit log',
  'audit.list': 'read the audit log',
  'audit.list_recent': 'read the audit log',
  'audit.list_refusals': 'see refusals that belong to no organization',
  'billing_flag.list': 'see what does not add up in billing',
  'keys.verify': 'check a key',
  'lineage_event.list_given_up': 'see events of orchestrators that were given up',
  'notification.list_failed': 'see messages that were given up',
  'organization.open_danger_zone': 'open the danger zone',
  'stripe_event.list_dead': 'see events of Stripe that were given up',
  'subscription.download_report': 'download a billing report of all organizations',
  'subscription.read': 'see the plan',
  'subscription.preview': 'see what a change of plan costs',
  'subscription.list_cards': 'see who has a card on file',
  'subscription.list_invoices': 'see invoices',
  'support.open': 'open the support console',
  'subscription.settle_checkout': 'finish a checkout',
  'subscription.refresh': 'ask Stripe for the plan',
  'repository.list': 'list repositories',
  'repository.read': 'see a repository',
  'event_source.list': 'list event sources',
  'event_volume.list': 'see how many events came',
  'trace_dead_row.list': 'list AI requests that BigQuery refused',
  'trace_retention.read': 'see how long rows of AI usage are kept',
  'desk.estimate': 'estimate a query',
  'desk.list_tables': 'see which tables can be queried',
  'desk.read_query': 'see a query',
  'desk.read_result': 'read the result of a query',
  'desk.list_queries': 'list their queries',
  'desk.list_saved_queries': 'list saved queries',
  'desk.read_saved_query': 'see a saved query',
  'desk.read_caps': 'see what queries may bill',
  'desk.list_key_caps': 'see what queries of keys may bill',
  'agent_log.list_erasures': 'see who was erased from the agent log',
  'agent_log.export_session': 'export a session of the agent log with its proof',
  'agent_log.read_settings': 'see what the agent log masks',
  'trace_retention.count_older': 'count rows of AI usage by age',
  'event_volume.read_use': 'see how many events are used',
  'event_source.read': 'see an event source',
  'event_source.preview': 'look for a free dataset',
  'event_source.list_tables': 'list the tables of an event source',
  'event_source.read_table': 'see a table of an event source',
  'event_source.list_changes': 'see changes of an event source’s tables',
  'discard.list': 'list discarded values',
  'dead_row.list': 'list rows that BigQuery refused',
  'event.list_of_user': 'see what a user did',
  'event.count_arrivals': 'ask for new events',
  'event_volume.list_totals': 'see the volume of events',
  'event_volume.list_calls': 'see the volume of an event source',
  'run.list': 'list runs',
  'run.get': 'see a run',
  'quota.read': 'read the quota',
  'run.start': 'start a run',
  'run.heartbeat': 'extend a run',
  'run.complete': 'complete a run',
  'run.claim': 'claim a run',
  'run.request_cancel': 'cancel a run',
  'run.read_steps': 'read steps of a run',
  'run.read_checks': 'read data-quality results',
  'run.report_steps': 'report steps of a run',
  'run.report_checks': 'report data-quality results',
  cancelRun: 'cancel a run',
  claimRun: 'claim a run',
  completeRun: 'complete a run',
  getRun: 'see a run',
  heartbeatRun: 'extend a run',
  listRuns: 'list runs',
  readQuota: 'read the quota',
  reportDqResults: 'report data-quality results',
  reportSteps: 'report steps of a run',
  startRun: 'start a run',
  verifyKey: 'check a key',
};

const viewPrefix = 'view.';

/** What looking at the page of a command's form is called: nothing was sent yet. Other actions are what they are. */
export const viewOfForm = (action: string): string => (auditActions[action] ? viewPrefix + action : action);

function wantedWords(action: string): string | undefined {
  const viewed = action.startsWith(viewPrefix) && auditActions[action.slice(viewPrefix.length)];
  if (viewed) return `open the page “${viewed.label}”`;
  return auditActions[action]?.wanted ?? attempts[action];
}

/** True when a refusal of this action has its own words. */
export const isAttempt = (action: string): boolean => wantedWords(action) !== undefined;

/** "tried to revoke an API key", "tried to open the page “Revoke API key”". */
export function triedSentence(action: string): string {
  const wanted = wantedWords(action);
  return wanted ? `tried to ${wanted}` : `tried ${action.replace(/[._-]/g, ' ')}`;
}
