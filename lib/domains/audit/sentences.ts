/** What a sentence of the audit log says after the target's name: from what to what, until when, how many. */
import { plainText } from '@/lib/domains/audit/values';

type Fields = Record<string, unknown>;
type Tail = (before: Fields, after: Fields) => string;

const said = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  return value === null || value === undefined || value === '' ? null : plainText(name, value);
};

/** "from Viewer to Admin", "to Admin" where nothing was before, nothing where it stayed. */
const fromTo =
  (name: string): Tail =>
  (before, after) => {
    const [from, to] = [said(before, name), said(after, name)];
    if (to === null || from === to) return '';
    return from === null ? `to ${to}` : `from ${from} to ${to}`;
  };

const asRole: Tail = (_, after) => (said(after, 'role') ? `as ${said(after, 'role')}` : '');
const since =
  (word: string, name: string): Tail =>
  (_, after) =>
    said(after, name) ? `${word} ${said(after, name)}` : '';
const howMany =
  (name: string, one: string, many: string): Tail =>
  (_, after) => {
    const value = after[name];
    const count = Array.isArray(value) ? value.length : value;
    return typeof count === 'number' ? `(${plainText('count', count)} ${count === 1 ? one : many})` : '';
  };

/** "(ty_live_ab12…)". */
const startOf = (fields: Fields): string => (fields.key_prefix ? `(${String(fields.key_prefix)}…)` : '');

const rotated: Tail = (before, after) => {
  const until = said(after, 'expires_at');
  return `${startOf(before)}${until && after.status === 'REPLACED' ? `; the old one works until ${until}` : '; the old one ended at once'}`;
};

/** "for all AI usage", "for the repository acme/shop". */
function budgetAbout({ scope, subject }: Fields): string {
  if (scope === 'all') return 'for all AI usage';
  return typeof subject === 'string' && subject ? `for the ${String(scope)} ${subject}` : '';
}

const planChange: Tail = (before, after) => {
  const changed = fromTo('plan')(before, after);
  if (changed) return changed;
  if (after.scheduled_plan)
    return `to ${said(after, 'scheduled_plan')}, from ${said(after, 'scheduled_at') ?? 'the end of the period'} on`;
  return after.payment ? '; its payment waits to be confirmed' : '';
};

const kept = (fields: Fields): string => said(fields, 'keep_days') ?? 'for ever';
const runs = (count: number): string => `(${count} ${count === 1 ? 'run' : 'runs'})`;

/** "of commits, sessions". */
const ofTables = ({ tables }: Fields): string =>
  Array.isArray(tables) && tables.length > 0 ? `of ${plainText('tables', tables)}` : '';
const upTo = (fields: Fields, name: string): string => (said(fields, name) ? `up to ${said(fields, name)}` : '');

const tails: Record<string, Tail> = {
  'api_key.create': (_, after) =>
    [startOf(after), since('which expires on', 'expires_at')({}, after)].filter(Boolean).join(', '),
  'api_key.rename': (_, after) => (after.name ? `to “${String(after.name)}”` : ''),
  'api_key.rotate': rotated,
  'api_key.end_grace': before => startOf(before),
  'api_key.revoke': before => startOf(before),
  'api_key.set_tier': fromTo('rate_limit_tier'),
  'api_key.set_limit': fromTo('max_active_keys'),
  'api_key.deactivate_expired': howMany('deactivated', 'key', 'keys'),
  'service_key.create': (_, after) => startOf(after),
  'service_key.revoke': before => startOf(before),
  'credential.rotate': since('; the old secret works until', 'previous_until'),
  'credential.wipe_overlaps': howMany('credentials', 'credential', 'credentials'),
  'desk.run_query': (_, after) => [ofTables(after), upTo(after, 'estimated_bytes')].filter(Boolean).join(', '),
  'desk.change_saved_query': fromTo('query_name'),
  'desk.set_key_cap': fromTo('max_bytes_per_query'),
  'dead_row.replay': howMany('rows', 'row', 'rows'),
  'trace_dead_row.replay': howMany('rows', 'row', 'rows'),
  'discard.replay': howMany('values', 'value', 'values'),
  'event_limit.set': fromTo('max_events_per_month'),
  'trace_retention.set': (before, after) =>
    kept(before) === kept(after) ? '' : `from ${kept(before)} to ${kept(after)}`,
  'identity.confirm': (_, after) => (after.login ? `: “${String(after.login)}” on GitHub` : ''),
  'identity.reject': (_, after) => (after.login ? `“${String(after.login)}”` : ''),
  'identity.import': howMany('taken', 'person', 'people'),
  'ai_budget.create': (_, after) =>
    `${budgetAbout(after)}${said(after, 'amount_usd') ? `: ${said(after, 'amount_usd')} a month` : ''}`,
  'ai_budget.edit': (before, after) =>
    [budgetAbout(after), fromTo('amount_usd')(before, after)].filter(Boolean).join(' '),
  'ai_budget.delete': before => budgetAbout(before),
  'model_price.set': since('from', 'effective_from'),
  'model_price.reprice': (_, after) =>
    [since('from', 'from')({}, after), since('to', 'to')({}, after)].filter(Boolean).join(' '),
  'provider_config.duplicate': (_, after) => (after.name ? `as “${String(after.name)}”` : ''),
  'run.again': (_, after) => runs(Object.keys(after).length),
  'run.cancel': (_, after) => runs(Object.keys(after).length),
  'subscription.apply': (before, after) =>
    [fromTo('plan_name'), fromTo('status')]
      .map(tail => tail(before, after))
      .filter(Boolean)
      .join(', '),
  'subscription.change_plan': planChange,
  'subscription.start_checkout': since('for the plan', 'plan'),
  'subscription.extend_trial': since('to', 'trial_end_date'),
  'subscription.pay_owed': since('; the answer was:', 'outcome'),
  'team.accept_invitation': asRole,
  'team.add_member': asRole,
  'team.invite': asRole,
  'team.change_role': fromTo('role'),
  'team.resend_invitation': since('; it holds until', 'invitation_expires_at'),
};

/** Words after the target's name; empty where the change says no more. */
export const tailOf = (action: string, before: unknown, after: unknown): string =>
  tails[action]?.(fieldsOf(before), fieldsOf(after)) ?? '';

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
