/** What each audited action is called: in the filter, and in a sentence of who did it. */

/** `{}` of `did` is the target: "revoked {}" is "revoked API key ci-loader", or "revoked an API key". */
type ActionWords = { label: string; did: string; wanted: string };

const words = (label: string, did: string, wanted = label.charAt(0).toLowerCase() + label.slice(1)): ActionWords => ({
  label,
  did,
  wanted,
});

/** One line a command, by its name. A test walks the commands: a new one cannot be forgotten. */
export const auditActions: Record<string, ActionWords> = {
  'audit.archive': words('Archive the audit log', 'archived the audit log', 'archive the audit log'),
  'api_key.create': words('Create API key', 'created {}', 'create an API key'),
  'api_key.rename': words('Rename API key', 'renamed {}', 'rename an API key'),
  'api_key.rotate': words('Rotate API key', 'rotated {}', 'rotate an API key'),
  'api_key.end_grace': words('End a replaced key early', 'ended early the replaced {}', 'end a replaced key early'),
  'api_key.revoke': words('Revoke API key', 'revoked {}', 'revoke an API key'),
  'api_key.set_tier': words('Set rate tier of API key', 'set the rate tier of {}', 'set an API key’s rate tier'),
  'api_key.set_limit': words(
    'Set number of API keys',
    'set how many API keys there may be',
    'set how many API keys there may be',
  ),
  'api_key.deactivate_expired': words('Switch off expired API keys', 'switched off expired API keys'),
  'credential.create': words('Store credential', 'stored {}', 'store a credential'),
  'credential.edit': words('Change credential', 'changed {}', 'change a credential'),
  'credential.rotate': words('Rotate credential', 'rotated {}', 'rotate a credential'),
  'credential.end_overlap': words(
    'End a replaced secret early',
    'ended early the replaced secret of {}',
    'end a replaced secret early',
  ),
  'credential.wipe_overlaps': words('Wipe replaced secrets', 'wiped replaced secrets'),
  'credential.delete': words('Delete credential', 'deleted {}', 'delete a credential'),
  'credential.fetch': words('Fetch credential', 'fetched {}', 'fetch a credential'),
  'credential.test': words('Test credential', 'tested {}', 'test a credential'),
  'credential.test_secret': words('Test secret', 'tested a secret before storing it', 'test a secret'),
  'customer.create': words('Create organization', 'created the organization', 'create an organization'),
  'customer.erase': words('Erase organization', 'erased the organization', 'erase an organization'),
  'customer.record_stripe': words(
    'Link to Stripe',
    'linked the organization to Stripe',
    'link an organization to Stripe',
  ),
  'customer.suspend': words('Suspend organization', 'suspended the organization', 'suspend an organization'),
  'customer.unsuspend': words(
    'End suspension',
    'ended the suspension of the organization',
    'end the suspension of an organization',
  ),
  'customer.sign_up': words('Open organization', 'opened the organization', 'open an organization'),
  'dead_row.replay': words('Replay refused rows', 'put refused rows back in line for {}', 'replay refused rows'),
  'trace_dead_row.replay': words(
    'Replay refused AI requests',
    'put refused AI requests back in line',
    'replay refused AI requests',
  ),
  'desk.run_query': words('Run query', 'ran a query', 'run a query'),
  'desk.save_query': words('Save query', 'saved {}', 'save a query'),
  'desk.change_saved_query': words('Change saved query', 'changed {}', 'change a saved query'),
  'desk.delete_saved_query': words('Delete saved query', 'deleted {}', 'delete a saved query'),
  'desk.set_caps': words('Set caps of queries', 'set what queries may bill', 'set what queries may bill'),
  'desk.set_key_cap': words(
    'Set cap of API key',
    'set what queries of {} may bill',
    'set what queries of a key may bill',
  ),
  'discard.replay': words('Replay discarded values', 'replayed discarded values of {}', 'replay discarded values'),
  'discard.allow': words('Allow column', 'allowed a column that was held back of {}', 'allow a column'),
  'event_limit.set': words(
    'Set number of events',
    'set how many events a month may have',
    'set how many events a month may have',
  ),
  'trace_retention.set': words(
    'Set retention of AI usage',
    'set how long rows of AI usage are kept',
    'set how long rows of AI usage are kept',
  ),
  'agent_log.erase_user': words(
    'Erase user of the agent log',
    'had a user erased from the agent log',
    'erase a user from the agent log',
  ),
  'agent_log.set_masking': words(
    'Set masking of the agent log',
    'set what the agent log masks',
    'set what the agent log masks',
  ),
  'identity.confirm': words('Confirm who a developer is', 'said who {} is', 'say who a developer is'),
  'identity.reject': words('Reject an account', 'rejected the account of {}', 'reject the account of a developer'),
  'identity.remove': words('Take back who a developer is', 'took back who {} is', 'take back who a developer is'),
  'identity.import': words('Import who is who', 'imported who is who', 'import who is who'),
  'event_source.create': words('Create event source', 'created {}', 'create an event source'),
  'event_source.edit': words('Change event source', 'changed {}', 'change an event source'),
  'event_source.delete': words('Delete event source', 'deleted {}', 'delete an event source'),
  'event_source.rotate_key': words('Rotate write key', 'rotated the write key of {}', 'rotate a write key'),
  'event_source.revoke_key': words('Revoke write key', 'revoked a write key of {}', 'revoke a write key'),
  'repository.connect': words('Connect repository', 'connected {}', 'connect a repository'),
  'repository.edit': words('Change repository', 'changed {}', 'change a repository'),
  'repository.disconnect': words('Disconnect repository', 'disconnected {}', 'disconnect a repository'),
  'repository.renew_secret': words(
    'Renew webhook secret',
    'renewed the webhook secret of {}',
    'renew the secret of a webhook',
  ),
  'repository.sync': words('Read repository now', 'asked to read {}', 'have a repository read'),
  'job.run': words('Run a job', 'ran a job of the operator', 'run a job'),
  'ai_budget.create': words('Create AI budget', 'created {}', 'create a budget of AI usage'),
  'ai_budget.delete': words('Delete AI budget', 'deleted {}', 'delete a budget of AI usage'),
  'ai_budget.edit': words('Change AI budget', 'changed {}', 'change a budget of AI usage'),
  'lineage_event.apply_again': words(
    'Apply lineage event again',
    'applied an event of an orchestrator again',
    'apply an event of an orchestrator again',
  ),
  'model_price.delete': words('Delete price of AI model', 'deleted the price of {}', 'delete a price of an AI model'),
  'model_price.import': words(
    'Import prices of AI models',
    'imported prices of AI models',
    'import prices of AI models',
  ),
  'model_price.reprice': words(
    'Recalculate costs of AI usage',
    'recalculated costs of AI usage',
    'recalculate costs of AI usage',
  ),
  'model_price.set': words('Set price of AI model', 'set the price of {}', 'set a price of an AI model'),
  'notification.retry': words('Send message again', 'sent a message again', 'send a message again'),
  'notification.set_preferences': words(
    'Change notifications',
    'changed which messages they get',
    'change notifications',
  ),
  'organization.request_deletion': words(
    'Delete organization',
    'asked for the deletion of the organization',
    'delete the organization',
  ),
  'organization.restore': words('Restore organization', 'restored the organization', 'restore the organization'),
  'organization.update': words(
    'Change organization settings',
    'changed the settings of the organization',
    'change the organization’s settings',
  ),
  'run.again': words('Run again', 'ran pipelines again', 'run pipelines again'),
  'run.cancel': words('Cancel runs', 'cancelled runs', 'cancel runs'),
  'provider_config.create': words('Create provider config', 'created {}', 'create a provider config'),
  'provider_config.edit': words('Change provider config', 'changed {}', 'change a provider config'),
  'provider_config.duplicate': words('Copy provider config', 'made by copying {}', 'copy a provider config'),
  'provider_config.enable': words('Turn on provider config', 'turned on {}', 'turn on a provider config'),
  'provider_config.disable': words('Turn off provider config', 'turned off {}', 'turn off a provider config'),
  'provider_config.delete': words('Delete provider config', 'deleted {}', 'delete a provider config'),
  'provider_config.test_slack': words(
    'Test Slack',
    'sent a test message to the Slack channel of {}',
    'test a Slack webhook',
  ),
  'provider_config.run': words('Run now', 'queued a run of {}', 'run a provider config'),
  'profile.hide_checklist': words('Hide or show the checklist', 'hid or showed the checklist', 'hide the checklist'),
  'profile.update': words('Change profile', 'changed their profile', 'change a profile'),
  'quota.set_limits': words('Set limits', 'set the limits of runs and calls', 'set limits'),
  'service_key.create': words('Create service key', 'created {}', 'create a service key'),
  'service_key.revoke': words('Revoke service key', 'revoked {}', 'revoke a service key'),
  'subscription.extend_trial': words('Extend trial', 'extended the trial', 'extend the trial'),
  'subscription.expire': words('End a subscription', 'ended the subscription', 'end a subscription'),
  'stripe_event.replay': words('Replay a Stripe event', 'replayed an event of Stripe', 'replay a Stripe event'),
  'subscription.apply': words(
    'Subscription in Stripe',
    'took over the subscription from Stripe',
    'take over a subscription',
  ),
  'subscription.start_checkout': words('Start checkout', 'opened Stripe’s checkout', 'open Stripe’s checkout'),
  'subscription.open_portal': words('Open billing portal', 'opened Stripe’s billing portal', 'open the billing portal'),
  'subscription.change_plan': words('Change plan', 'changed the plan', 'change the plan'),
  'subscription.pay_owed': words('Pay what is owed', 'tried to pay what was owed', 'pay what is owed'),
  'subscription.keep_plan': words('Keep plan', 'took back the planned change of plan', 'take back a planned change'),
  'table.recreate': words('Recreate table', 'deleted the rows of a table and made it anew', 'recreate a table'),
  'team.accept_invitation': words('Accept invitation', 'accepted the invitation', 'accept an invitation'),
  'team.add_member': words('Add member', 'added {}', 'add a member'),
  'team.cancel_invitation': words('Cancel invitation', 'cancelled the invitation of {}', 'cancel an invitation'),
  'team.change_role': words('Change role', 'changed the role of {}', 'change a role'),
  'team.invite': words('Invite member', 'invited {}', 'invite a member'),
  'team.leave': words('Leave organization', 'left the organization', 'leave the organization'),
  'team.remove': words('Remove member', 'removed {}', 'remove a member'),
  'team.resend_invitation': words('Resend invitation', 'resent the invitation of {}', 'resend an invitation'),
  'team.transfer_ownership': words('Transfer ownership', 'transferred ownership to {}', 'transfer ownership'),
  'user.sign_in': words('Sign in', 'signed in', 'sign in'),
};

/** Things that are acted on, as the filter and the list name them; a test reads the commands' sources. */
export const targetTypes: Record<string, string> = {
  agent_log_user: 'User of the agent log',
  api_key: 'API key',
  audit_archive: 'Audit archive',
  credential: 'Credential',
  customer: 'Organization',
  desk: 'Query desk',
  developer: 'Developer',
  event_source: 'Event source',
  etl_run: 'Job of AI usage',
  job: 'Job',
  ai_budget: 'Budget of AI usage',
  model_price: 'Price of an AI model',
  price_book: 'Price book',
  member: 'Member',
  lineage_event: 'Orchestrator’s event',
  notification: 'Message',
  permission: 'Permission',
  provider_config: 'Provider config',
  query: 'Query',
  repository: 'Repository',
  run: 'Run',
  saved_query: 'Saved query',
  service_key: 'Service key',
  stripe_event: 'Stripe event',
  subscription: 'Subscription',
  table: 'Table in BigQuery',
  user: 'Person',
};

/** Done for no customer or by no member: these never stand in a customer's log. */
const operatorsOwn = /^(service_key\.|job\.|audit\.|stripe_event\.)/;

/** The filter's options: every action that can stand in a customer's log. */
export const actionOptions: readonly { value: string; label: string }[] = Object.entries(auditActions)
  .filter(([name]) => !operatorsOwn.test(name))
  .map(([value, { label }]) => ({ value, label }))
  .sort((a, b) => a.label.localeCompare(b.label, 'en'));

/** How a target stands in a sentence: before its name, and where no name is known. Kinds without a name are left out. */
const things: Record<string, { named: string; unnamed: string }> = {
  api_key: { named: 'API key', unnamed: 'an API key' },
  credential: { named: 'credential', unnamed: 'a credential' },
  developer: { named: 'developer', unnamed: 'a developer' },
  event_source: { named: 'event source', unnamed: 'an event source' },
  ai_budget: { named: 'the AI budget', unnamed: 'an AI budget' },
  model_price: { named: 'AI model', unnamed: 'an AI model' },
  member: { named: '', unnamed: 'a member' },
  user: { named: '', unnamed: 'a member' },
  provider_config: { named: 'the config', unnamed: 'a config' },
  repository: { named: 'repository', unnamed: 'a repository' },
  saved_query: { named: 'the saved query', unnamed: 'a saved query' },
  service_key: { named: 'service key', unnamed: 'a service key' },
};

/** A sentence around the target's name: "turned on the config" + name + "". */
type DidWords = { sentence: string; takesName: boolean; rest: string };

/** What was done, up to the target's name and after it; an action that is no command any more says its own name. */
export function didWords(action: string, targetType: string, isNamed: boolean): DidWords {
  const did = auditActions[action]?.did;
  if (did === undefined) return { sentence: `did ${action.replace(/[._-]/g, ' ')}:`, takesName: isNamed, rest: '' };
  const [start = '', rest] = did.split('{}');
  if (rest === undefined) return { sentence: did, takesName: false, rest: '' };
  const thing = things[targetType] ?? { named: '', unnamed: 'something' };
  if (!isNamed) return { sentence: `${start}${thing.unnamed}${rest}`, takesName: false, rest: '' };
  return { sentence: `${start}${thing.named}`.trimEnd(), takesName: true, rest };
}

/** "API key"; a kind that is not in the table says its name. */
export const targetWord = (type: string): string => targetTypes[type] ?? type.replaceAll('_', ' ');
