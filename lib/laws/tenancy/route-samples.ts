/** What the walk of the portal's routes sends to each of them, and what names something of the victim in its address. */
import { secretOf } from '@/dev/testing/credentials/secrets';
import type { Victim } from '@/lib/laws/tenancy/victim';
import { newUuid, randomText } from '@/lib/platform/ids';

/** Handlers that are not of defineRoute, and who guards them. A route that is neither fails the walk. */
export const guardedElsewhere: Record<string, string> = {
  'app/api/auth/[...nextauth]/route.ts': 'next-auth: signs in and out, knows no customer',
  'app/api/session/switch/route.ts': 'checks Origin and membership; tested in session.test.ts',
  'app/api/session/sign-out/route.ts': 'checks Origin; ends the session of its own cookie',
  'app/api/support/billing/route.ts': 'of defineStaffDownload: 404 for all but staff; tested beside it',
  'app/api/support/refusals/route.ts': 'of defineStaffDownload: 404 for all but staff; tested beside it',
  'app/api/openapi.json/route.ts': 'public: the document of the calls, nothing of any customer',
  'app/api/health/route.ts': 'public: says which part is up',
  'app/docs/search.json/route.ts': 'public: headings of the documentation, nothing of any customer',
  'app/metrics/route.ts': 'bearer token or loopback',
  'app/api/webhooks/stripe/route.ts':
    'Stripe’s signature over the body; tested on both planes in lib/edge/http/webhook.test.ts',
  'app/api/webhooks/github/[id]/route.ts':
    'the signature of the repository’s own secret; tested on both planes in lib/edge/http/github-webhook.test.ts',
  'app/api/v1/lineage/[[...path]]/route.ts':
    'the key, in lib/edge/v1/lineage; tested on both planes in lib/edge/v1/lineage/refusals.test.ts',
  'app/v1/[[...path]]/route.ts': 'the data plane; walked in lib/edge/v1/calls.test.ts',
};

/** A sound body of each route that takes one; a route with a body that is not here answers 400 and fails the walk. */
export const bodies: Record<string, object> = {
  'notification.set_preferences': { mail: [] },
  'team.invite': { emails: [`guest-${randomText(8)}@example.com`], role: 'VIEWER' },
  'team.change_role': { role: 'ADMIN' },
  'api_key.create': { name: 'mine', scopes: ['runs:read'] },
  'api_key.rename': { name: 'stolen' },
  'credential.create': {
    get name() {
      return `mine ${randomText(8)}`;
    },
    secret: secretOf.openai_api_key(),
  },
  'credential.edit': { name: 'stolen' },
  'credential.rotate': { secret: secretOf.openai_api_key() },
  'organization.update': { company_name: 'Mine' },
  'api_key.rotate': { grace_seconds: 0 },
  // Two configs of a customer never have one name, and the walk calls more than once.
  get 'provider_config.create'() {
    return { name: `mine-${randomText(8)}`, provider: 'GCP', domain: 'COST', is_active: false };
  },
  'provider_config.edit': { name: 'stolen' },
  'provider_config.duplicate': { name: 'stolen' },
  'provider_config.run': {},
  'credential.test': {},
  'credential.test_secret': { secret: { kind: 'openai_api_key', api_key: `sk-${randomText(30)}` } },
  get 'event_source.create'() {
    return { name: `mine-${randomText(8)}` };
  },
  'model_price.reprice': { days: 7 },
  'identity.confirm': { developer_id: 'dev', login: 'octo' },
  'identity.import': { csv: 'developer_id,login\ndev,octo' },
  'trace_retention.set': { keep_days: 365 },
  'agent_log.set_masking': { mask_emails: true },
  get 'model_price.set'() {
    return { model: `mine-${randomText(8)}`, input_usd: 1, output_usd: 2 };
  },
  get 'ai_budget.create'() {
    return { scope: 'model', subject: `mine-${randomText(8)}`, amount_usd: 10 };
  },
  'ai_budget.edit': { amount_usd: 1 },
  'event_source.edit': { name: 'stolen' },
  'event_source.rotate_key': { overlap_seconds: 0 },
  'desk.estimate': { sql: 'SELECT sha FROM commits' },
  'desk.run_query': { sql: 'SELECT sha FROM commits' },
  get 'desk.save_query'() {
    return { query_name: `Mine ${randomText(8)}`, sql: 'SELECT 1' };
  },
  'desk.change_saved_query': { query_name: 'stolen' },
  'desk.set_caps': { max_bytes_per_query: 20_971_520 },
  'run.cancel': { pipeline_logging_ids: [newUuid()] },
  'run.again': { pipeline_logging_ids: [newUuid()], idempotency_key: randomText(12) },
  'subscription.start_checkout': { plan: 'SCALE' },
  'subscription.open_portal': {},
  'subscription.change_plan': { plan: 'STARTER' },
};

/** Those that name something of the victim in their body. */
export const bodiesOf: Record<string, (victim: Victim) => object> = {
  'dead_row.replay': victim => ({ dead_row_ids: [victim.deadRowId] }),
  'agent_log.erase_user': victim => ({ user_id: victim.developerId }),
  'desk.set_key_cap': victim => ({ api_key_id: victim.keyId, max_bytes_per_query: 20_971_520 }),
  'identity.reject': victim => ({ developer_id: victim.developerId }),
  'trace_dead_row.replay': victim => ({ dead_row_ids: [victim.traceDeadRowId] }),
  'repository.connect': victim => ({ repo: 'acme/mine', credential_id: victim.githubCredentialId }),
  'repository.edit': victim => ({ credential_id: victim.githubCredentialId }),
};

const key = (victim: Victim) => victim.keyId;
const config = (victim: Victim) => victim.configId;
const credential = (victim: Victim) => victim.credentialId;
const source = (victim: Victim) => victim.sourceId;
const traceImport = (victim: Victim) => String(victim.importId);
const repository = (victim: Victim) => victim.repositoryId;
const member = (victim: Victim) => victim.world.members.VIEWER.memberId;
const pullRequest = (victim: Victim) => String(victim.pullRequestId);
const invitation = (victim: Victim) => victim.invitationId;

/** What of the victim the parameters of an address name; a route with a parameter that is not here fails the walk. */
export const named: Record<string, Record<string, (victim: Victim) => string>> = {
  '/api/keys/[id]': { id: key },
  '/api/keys/[id]/calls': { id: key },
  '/api/keys/[id]/rotate': { id: key },
  '/api/keys/[id]/end-grace': { id: key },
  '/api/providers/[id]': { id: config },
  '/api/providers/[id]/duplicate': { id: config },
  '/api/providers/[id]/enable': { id: config },
  '/api/providers/[id]/disable': { id: config },
  '/api/credentials/[id]/test': { id: credential },
  '/api/providers/[id]/slack-test': { id: config },
  '/api/providers/[id]/run': { id: config },
  '/api/credentials/[id]': { id: credential },
  '/api/credentials/[id]/rotate': { id: credential },
  '/api/credentials/[id]/end-overlap': { id: credential },
  '/api/sources/[id]': { id: source },
  '/api/sources/[id]/rotate-key': { id: source },
  '/api/sources/[id]/arrivals': { id: source },
  '/api/sources/[id]/events': { id: source },
  '/api/sources/[id]/tables': { id: source },
  '/api/sources/[id]/tables/[table]': { id: source, table: victim => victim.eventTable },
  '/api/sources/[id]/changes': { id: source },
  '/api/sources/[id]/discards': { id: source },
  '/api/sources/[id]/discards/[discard]/allow': { id: source, discard: victim => victim.discardId },
  '/api/sources/[id]/discards/[discard]/replay': { id: source, discard: victim => victim.discardId },
  '/api/sources/[id]/dead-rows': { id: source },
  '/api/sources/[id]/dead-rows/replay': { id: source },
  '/api/sources/[id]/keys/[key]': { id: source, key: victim => victim.writeKey },
  '/api/traces/budgets/[id]': { id: victim => victim.budgetId },
  '/api/traces/prices/[id]': { id: victim => victim.priceId },
  '/api/traces/imports/[id]': { id: traceImport },
  '/api/traces/imports/[id]/dead-letters': { id: traceImport },
  '/api/pull-requests/repositories/[id]': { id: repository },
  '/api/pull-requests/repositories/[id]/sync': { id: repository },
  '/api/pull-requests/repositories/[id]/webhook-secret': { id: repository },
  '/api/pull-requests/[id]': { id: pullRequest },
  '/api/pull-requests/[id]/sessions': { id: pullRequest },
  '/api/desk/queries/[id]': { id: victim => victim.queryId },
  '/api/desk/queries/[id]/rows': { id: victim => victim.queryId },
  '/api/desk/saved/[id]': { id: victim => victim.savedQueryId },
  '/api/runs/[id]': { id: victim => victim.runningId },
  '/api/team/[id]': { id: member },
  '/api/team/[id]/resend': { id: invitation },
  '/api/team/invitations/[id]': { id: invitation },
};

/** Reads that need more than a body, as they stand in the address. */
export const addresses: Record<string, string> = {
  'subscription.preview': '?plan=STARTER',
  'ai_session.list_requests': '?id=session',
  'agent_session.list_events': '?id=session',
  'agent_log.export_session': '?session_id=session',
  'identity.remove': '?developer_id=nobody',
  'event.count_arrivals': `?since=${new Date().toISOString()}`,
};

/** Routes that answer a trial without a subscription, or ids of nobody, by a refusal of their own. */
export const refusals: Record<string, number> = {
  'run.cancel': 404,
  'run.again': 404,
  'desk.set_key_cap': 404,
  'trace_dead_row.replay': 404,
  'agent_log.erase_user': 404,
  'agent_log.export_session': 404,
  'repository.connect': 404,
  'identity.reject': 404,
  'identity.remove': 404,
  'subscription.change_plan': 409,
  'subscription.keep_plan': 409,
  'subscription.preview': 409,
};
