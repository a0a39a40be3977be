/** What each audited action is called: in the filter, and in a sentence of who did it. */

/** The target follows `did`: "revoked API key" + "ci-loader". */
type ActionWords = { label: string; did: string; wanted: string };

const words = (label: string, did: string, wanted = label.charAt(0).toLowerCase() + label.slice(1)): ActionWords => ({
  label,
  did,
  wanted,
});

/** One line a command, by its name. A test walks the commands: a new one cannot be forgotten. */
export const auditActions: Record<string, ActionWords> = {
  'audit.archive': words('Archive the audit log', 'archived the audit log of', 'archive the audit log'),
  'api_key.create': words('Create API key', 'created API key', 'create an API key'),
  'api_key.rename': words('Rename API key', 'renamed API key', 'rename an API key'),
  'api_key.rotate': words('Rotate API key', 'rotated API key', 'rotate an API key'),
  'api_key.end_grace': words(
    'End a replaced key early',
    'ended early the replaced API key',
    'end a replaced key early',
  ),
  'api_key.revoke': words('Revoke API key', 'revoked API key', 'revoke an API key'),
  'api_key.set_tier': words('Set rate tier of API key', 'set the rate tier of API key', 'set an API key’s rate tier'),
  'api_key.set_limit': words(
    'Set number of API keys',
    'set the number of API keys of',
    'set how many API keys there may be',
  ),
  'api_key.deactivate_expired': words('Switch off expired API keys', 'switched off expired API keys'),
  'credential.create': words('Store credential', 'stored credential', 'store a credential'),
  'credential.edit': words('Change credential', 'changed credential', 'change a credential'),
  'credential.rotate': words('Rotate credential', 'rotated credential', 'rotate a credential'),
  'credential.end_overlap': words(
    'End a replaced secret early',
    'ended early the replaced secret of credential',
    'end a replaced secret early',
  ),
  'credential.wipe_overlaps': words('Wipe replaced secrets', 'wiped replaced secrets of'),
  'credential.delete': words('Delete credential', 'deleted credential', 'delete a credential'),
  'credential.fetch': words('Fetch credential', 'fetched credential', 'fetch a credential'),
  'credential.test': words('Test credential', 'tested credential', 'test a credential'),
  'credential.test_secret': words('Test secret', 'tested a secret', 'test a secret'),
  'customer.create': words('Create organization', 'created the organization', 'create an organization'),
  'customer.erase': words('Erase organization', 'erased the organization', 'erase an organization'),
  'customer.record_stripe': words(
    'Link to Stripe',
    'linked to Stripe the organization',
    'link an organization to Stripe',
  ),
  'customer.suspend': words('Suspend organization', 'suspended the organization', 'suspend an organization'),
  'customer.unsuspend': words(
    'End suspension',
    'ended the suspension of the organization',
    'end the suspension of an organization',
  ),
  'customer.sign_up': words('Open organization', 'opened the organization', 'open an organization'),
  'dead_row.replay': words('Replay refused rows', 'put back in line refused rows of', 'replay refused rows'),
  'trace_dead_row.replay': words(
    'Replay refused AI requests',
    'put back in line refused AI requests of',
    'replay refused AI requests',
  ),
  'discard.replay': words('Replay discarded values', 'replayed discarded values of', 'replay discarded values'),
  'discard.allow': words('Allow column', 'allowed a column held back of', 'allow a column'),
  'event_limit.set': words(
    'Set number of events',
    'set the number of events of',
    'set how many events a month may have',
  ),
  'trace_retention.set': words(
    'Set retention of AI usage',
    'set how long rows of AI usage are kept for',
    'set how long rows of AI usage are kept',
  ),
  'agent_log.erase_user': words(
    'Erase user of the agent log',
    'had erased from the agent log',
    'erase a user from the agent log',
  ),
  'agent_log.set_masking': words(
    'Set masking of the agent log',
    'set what the agent log masks for',
    'set what the agent log masks',
  ),
  'identity.confirm': words('Confirm who a developer is', 'said who is developer', 'say who a developer is'),
  'identity.reject': words(
    'Reject an account',
    'rejected the account of developer',
    'reject the account of a developer',
  ),
  'identity.remove': words(
    'Take back who a developer is',
    'took back who is developer',
    'take back who a developer is',
  ),
  'identity.import': words('Import who is who', 'imported who is who for', 'import who is who'),
  'event_source.create': words('Create event source', 'created event source', 'create an event source'),
  'event_source.edit': words('Change event source', 'changed event source', 'change an event source'),
  'event_source.delete': words('Delete event source', 'deleted event source', 'delete an event source'),
  'event_source.rotate_key': words('Rotate write key', 'rotated the write key of', 'rotate a write key'),
  'event_source.revoke_key': words('Revoke write key', 'revoked a write key of', 'revoke a write key'),
  'repository.connect': words('Connect repository', 'connected repository', 'connect a repository'),
  'repository.edit': words('Change repository', 'changed repository', 'change a repository'),
  'repository.disconnect': words('Disconnect repository', 'disconnected repository', 'disconnect a repository'),
  'repository.renew_secret': words(
    'Renew webhook secret',
    'renewed the webhook secret of repository',
    'renew the secret of a webhook',
  ),
  'repository.sync': words('Read repository now', 'asked to read repository', 'have a repository read'),
  'job.run': words('Run a job', 'ran job', 'run a job'),
  'ai_budget.create': words('Create AI budget', 'created the AI budget', 'create a budget of AI usage'),
  'ai_budget.delete': words('Delete AI budget', 'deleted the AI budget', 'delete a budget of AI usage'),
  'ai_budget.edit': words('Change AI budget', 'changed the AI budget', 'change a budget of AI usage'),
  'model_price.delete': words(
    'Delete price of AI model',
    'deleted the price of AI model',
    'delete a price of an AI model',
  ),
  'model_price.import': words('Import prices of AI models', 'imported prices into', 'import prices of AI models'),
  'model_price.reprice': words(
    'Recalculate costs of AI usage',
    'recalculated costs of AI usage by',
    'recalculate costs of AI usage',
  ),
  'model_price.set': words('Set price of AI model', 'set the price of AI model', 'set a price of an AI model'),
  'notification.retry': words('Send message again', 'sent again the message', 'send a message again'),
  'notification.set_preferences': words('Change notifications', 'changed the notifications of', 'change notifications'),
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
  'run.again': words('Run again', 'had run again as', 'run pipelines again'),
  'run.cancel': words('Cancel runs', 'cancelled run', 'cancel runs'),
  'provider_config.create': words('Create provider config', 'created the config', 'create a provider config'),
  'provider_config.edit': words('Change provider config', 'changed the config', 'change a provider config'),
  'provider_config.duplicate': words('Copy provider config', 'made by copying the config', 'copy a provider config'),
  'provider_config.enable': words('Turn on provider config', 'turned on the config', 'turn on a provider config'),
  'provider_config.disable': words('Turn off provider config', 'turned off the config', 'turn off a provider config'),
  'provider_config.delete': words('Delete provider config', 'deleted the config', 'delete a provider config'),
  'provider_config.test_slack': words(
    'Test Slack',
    'sent a test message to the Slack channel of',
    'test a Slack webhook',
  ),
  'provider_config.run': words('Run now', 'queued a run of the config', 'run a provider config'),
  'profile.hide_checklist': words('Hide or show the checklist', 'hid or showed the checklist of', 'hide the checklist'),
  'profile.update': words('Change profile', 'changed the profile of', 'change a profile'),
  'quota.set_limits': words('Set limits', 'set the limits', 'set limits'),
  'service_key.create': words('Create service key', 'created service key', 'create a service key'),
  'service_key.revoke': words('Revoke service key', 'revoked service key', 'revoke a service key'),
  'subscription.extend_trial': words('Extend trial', 'extended the trial', 'extend the trial'),
  'subscription.expire': words('End a subscription', 'ended the subscription', 'end a subscription'),
  'stripe_event.replay': words('Replay a Stripe event', 'replayed the Stripe event', 'replay a Stripe event'),
  'subscription.apply': words(
    'Subscription in Stripe',
    'took over from Stripe the subscription',
    'take over a subscription',
  ),
  'subscription.start_checkout': words(
    'Start checkout',
    'opened Stripe’s checkout for the plan of',
    'open Stripe’s checkout',
  ),
  'subscription.open_portal': words(
    'Open billing portal',
    'opened Stripe’s billing portal of',
    'open the billing portal',
  ),
  'subscription.change_plan': words('Change plan', 'changed the plan of', 'change the plan'),
  'subscription.pay_owed': words('Pay what is owed', 'tried to pay what was owed for', 'pay what is owed'),
  'subscription.keep_plan': words('Keep plan', 'took back the planned change of', 'take back a planned change'),
  'table.recreate': words('Recreate table', 'deleted the rows of, and made anew, the table', 'recreate a table'),
  'team.accept_invitation': words('Accept invitation', 'accepted the invitation of', 'accept an invitation'),
  'team.add_member': words('Add member', 'added member', 'add a member'),
  'team.cancel_invitation': words('Cancel invitation', 'cancelled the invitation of', 'cancel an invitation'),
  'team.change_role': words('Change role', 'changed the role of', 'change a role'),
  'team.invite': words('Invite member', 'invited', 'invite a member'),
  'team.leave': words('Leave organization', 'left the organization:', 'leave the organization'),
  'team.remove': words('Remove member', 'removed member', 'remove a member'),
  'team.resend_invitation': words('Resend invitation', 'resent the invitation of', 'resend an invitation'),
  'team.transfer_ownership': words('Transfer ownership', 'transferred ownership to', 'transfer ownership'),
  'user.sign_in': words('Sign in', 'signed in as', 'sign in'),
};

/** Things that are acted on, as the filter and the list name them; a test reads the commands' sources. */
export const targetTypes: Record<string, string> = {
  agent_log_user: 'User of the agent log',
  api_key: 'API key',
  audit_archive: 'Audit archive',
  credential: 'Credential',
  customer: 'Organization',
  developer: 'Developer',
  event_source: 'Event source',
  etl_run: 'Job of AI usage',
  job: 'Job',
  ai_budget: 'Budget of AI usage',
  model_price: 'Price of an AI model',
  price_book: 'Price book',
  member: 'Member',
  notification: 'Message',
  permission: 'Permission',
  provider_config: 'Provider config',
  repository: 'Repository',
  run: 'Run',
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

/** "revoked API key"; an action that is no command any more says its name. */
export const didSentence = (action: string): string =>
  auditActions[action]?.did ?? `did ${action.replace(/[._-]/g, ' ')}:`;

/** "API key"; a kind that is not in the table says its name. */
export const targetWord = (type: string): string => targetTypes[type] ?? type.replaceAll('_', ' ');
