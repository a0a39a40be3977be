/** All calls of the portal below /api that have a command or a read; the document and its pages walk this list. */
import * as agentLogErasures from '@/app/api/agent-log/erasures/route';
import * as agentLogErrors from '@/app/api/agent-log/errors/route';
import * as agentLogEvents from '@/app/api/agent-log/events/route';
import * as agentLogProof from '@/app/api/agent-log/proof/route';
import * as agentLogSessions from '@/app/api/agent-log/sessions/route';
import * as agentLogSettings from '@/app/api/agent-log/settings/route';
import * as agentLogSnapshots from '@/app/api/agent-log/snapshots/route';
import * as agentLogTools from '@/app/api/agent-log/tools/route';
import * as audit from '@/app/api/audit/route';
import * as credentialsIdEndOverlap from '@/app/api/credentials/[id]/end-overlap/route';
import * as credentialsIdRotate from '@/app/api/credentials/[id]/rotate/route';
import * as credentialsId from '@/app/api/credentials/[id]/route';
import * as credentialsIdTest from '@/app/api/credentials/[id]/test/route';
import * as credentials from '@/app/api/credentials/route';
import * as credentialsTest from '@/app/api/credentials/test/route';
import * as deskEstimate from '@/app/api/desk/estimate/route';
import * as deskKeys from '@/app/api/desk/keys/route';
import * as deskQueriesId from '@/app/api/desk/queries/[id]/route';
import * as deskQueriesIdRows from '@/app/api/desk/queries/[id]/rows/route';
import * as deskQueries from '@/app/api/desk/queries/route';
import * as deskSavedId from '@/app/api/desk/saved/[id]/route';
import * as deskSaved from '@/app/api/desk/saved/route';
import * as deskSettings from '@/app/api/desk/settings/route';
import * as deskTables from '@/app/api/desk/tables/route';
import * as keysIdCalls from '@/app/api/keys/[id]/calls/route';
import * as keysIdEndGrace from '@/app/api/keys/[id]/end-grace/route';
import * as keysIdRotate from '@/app/api/keys/[id]/rotate/route';
import * as keysId from '@/app/api/keys/[id]/route';
import * as keys from '@/app/api/keys/route';
import * as notificationsPreferences from '@/app/api/notifications/preferences/route';
import * as organizations from '@/app/api/organizations/route';
import * as providersIdDisable from '@/app/api/providers/[id]/disable/route';
import * as providersIdDuplicate from '@/app/api/providers/[id]/duplicate/route';
import * as providersIdEnable from '@/app/api/providers/[id]/enable/route';
import * as providersId from '@/app/api/providers/[id]/route';
import * as providersIdRun from '@/app/api/providers/[id]/run/route';
import * as providersIdSlackTest from '@/app/api/providers/[id]/slack-test/route';
import * as providers from '@/app/api/providers/route';
import * as pullRequestsId from '@/app/api/pull-requests/[id]/route';
import * as pullRequestsIdSessions from '@/app/api/pull-requests/[id]/sessions/route';
import * as pullRequestsCorrelation from '@/app/api/pull-requests/correlation/route';
import * as pullRequestsPeopleConfirm from '@/app/api/pull-requests/people/confirm/route';
import * as pullRequestsPeopleImport from '@/app/api/pull-requests/people/import/route';
import * as pullRequestsPeopleReject from '@/app/api/pull-requests/people/reject/route';
import * as pullRequestsPeople from '@/app/api/pull-requests/people/route';
import * as pullRequestsRepositoriesId from '@/app/api/pull-requests/repositories/[id]/route';
import * as pullRequestsRepositoriesIdSync from '@/app/api/pull-requests/repositories/[id]/sync/route';
import * as pullRequestsRepositoriesIdWebhookSecret from '@/app/api/pull-requests/repositories/[id]/webhook-secret/route';
import * as pullRequestsRepositories from '@/app/api/pull-requests/repositories/route';
import * as pullRequests from '@/app/api/pull-requests/route';
import * as quotas from '@/app/api/quotas/route';
import * as runsId from '@/app/api/runs/[id]/route';
import * as runsAgain from '@/app/api/runs/again/route';
import * as runsCancel from '@/app/api/runs/cancel/route';
import * as runsCheckedTables from '@/app/api/runs/checked-tables/route';
import * as runsChecks from '@/app/api/runs/checks/route';
import * as runs from '@/app/api/runs/route';
import * as search from '@/app/api/search/route';
import * as sourcesIdArrivals from '@/app/api/sources/[id]/arrivals/route';
import * as sourcesIdChanges from '@/app/api/sources/[id]/changes/route';
import * as sourcesIdDeadRowsReplay from '@/app/api/sources/[id]/dead-rows/replay/route';
import * as sourcesIdDeadRows from '@/app/api/sources/[id]/dead-rows/route';
import * as sourcesIdDiscardsDiscardAllow from '@/app/api/sources/[id]/discards/[discard]/allow/route';
import * as sourcesIdDiscardsDiscardReplay from '@/app/api/sources/[id]/discards/[discard]/replay/route';
import * as sourcesIdDiscards from '@/app/api/sources/[id]/discards/route';
import * as sourcesIdEvents from '@/app/api/sources/[id]/events/route';
import * as sourcesIdKeysKey from '@/app/api/sources/[id]/keys/[key]/route';
import * as sourcesIdRotateKey from '@/app/api/sources/[id]/rotate-key/route';
import * as sourcesId from '@/app/api/sources/[id]/route';
import * as sourcesIdTablesTable from '@/app/api/sources/[id]/tables/[table]/route';
import * as sourcesIdTables from '@/app/api/sources/[id]/tables/route';
import * as sources from '@/app/api/sources/route';
import * as sourcesVolume from '@/app/api/sources/volume/route';
import * as subscriptionsChange from '@/app/api/subscriptions/change/route';
import * as subscriptionsCheckout from '@/app/api/subscriptions/checkout/route';
import * as subscriptionsInvoices from '@/app/api/subscriptions/invoices/route';
import * as subscriptionsKeep from '@/app/api/subscriptions/keep/route';
import * as subscriptionsPortal from '@/app/api/subscriptions/portal/route';
import * as subscriptionsPreview from '@/app/api/subscriptions/preview/route';
import * as subscriptions from '@/app/api/subscriptions/route';
import * as teamIdResend from '@/app/api/team/[id]/resend/route';
import * as teamId from '@/app/api/team/[id]/route';
import * as teamInvitationsId from '@/app/api/team/invitations/[id]/route';
import * as team from '@/app/api/team/route';
import * as tracesBudgetsId from '@/app/api/traces/budgets/[id]/route';
import * as tracesBudgets from '@/app/api/traces/budgets/route';
import * as tracesCostly from '@/app/api/traces/costly/route';
import * as tracesDeadRowsReplay from '@/app/api/traces/dead-rows/replay/route';
import * as tracesDeadRows from '@/app/api/traces/dead-rows/route';
import * as tracesDevelopers from '@/app/api/traces/developers/route';
import * as tracesImportsIdDeadLetters from '@/app/api/traces/imports/[id]/dead-letters/route';
import * as tracesImportsId from '@/app/api/traces/imports/[id]/route';
import * as tracesImports from '@/app/api/traces/imports/route';
import * as tracesModels from '@/app/api/traces/models/route';
import * as tracesPricesId from '@/app/api/traces/prices/[id]/route';
import * as tracesPricesRecalculate from '@/app/api/traces/prices/recalculate/route';
import * as tracesPrices from '@/app/api/traces/prices/route';
import * as tracesRequests from '@/app/api/traces/requests/route';
import * as tracesRetention from '@/app/api/traces/retention/route';
import * as tracesSessions from '@/app/api/traces/sessions/route';
import * as tracesUsage from '@/app/api/traces/usage/route';
import type { PortalCall } from '@/lib/edge/portal/openapi-document';
import type { RouteInfo } from '@/lib/edge/portal/route';

const modules: readonly (readonly [path: string, handlers: object])[] = [
  ['agent-log/erasures', agentLogErasures],
  ['agent-log/errors', agentLogErrors],
  ['agent-log/events', agentLogEvents],
  ['agent-log/proof', agentLogProof],
  ['agent-log/sessions', agentLogSessions],
  ['agent-log/settings', agentLogSettings],
  ['agent-log/snapshots', agentLogSnapshots],
  ['agent-log/tools', agentLogTools],
  ['audit', audit],
  ['credentials', credentials],
  ['credentials/[id]', credentialsId],
  ['credentials/[id]/end-overlap', credentialsIdEndOverlap],
  ['credentials/[id]/rotate', credentialsIdRotate],
  ['credentials/[id]/test', credentialsIdTest],
  ['credentials/test', credentialsTest],
  ['desk/estimate', deskEstimate],
  ['desk/keys', deskKeys],
  ['desk/queries', deskQueries],
  ['desk/queries/[id]', deskQueriesId],
  ['desk/queries/[id]/rows', deskQueriesIdRows],
  ['desk/saved', deskSaved],
  ['desk/saved/[id]', deskSavedId],
  ['desk/settings', deskSettings],
  ['desk/tables', deskTables],
  ['keys', keys],
  ['keys/[id]', keysId],
  ['keys/[id]/calls', keysIdCalls],
  ['keys/[id]/end-grace', keysIdEndGrace],
  ['keys/[id]/rotate', keysIdRotate],
  ['notifications/preferences', notificationsPreferences],
  ['organizations', organizations],
  ['providers', providers],
  ['providers/[id]', providersId],
  ['providers/[id]/disable', providersIdDisable],
  ['providers/[id]/duplicate', providersIdDuplicate],
  ['providers/[id]/enable', providersIdEnable],
  ['providers/[id]/run', providersIdRun],
  ['providers/[id]/slack-test', providersIdSlackTest],
  ['pull-requests', pullRequests],
  ['pull-requests/[id]', pullRequestsId],
  ['pull-requests/[id]/sessions', pullRequestsIdSessions],
  ['pull-requests/correlation', pullRequestsCorrelation],
  ['pull-requests/people', pullRequestsPeople],
  ['pull-requests/people/confirm', pullRequestsPeopleConfirm],
  ['pull-requests/people/import', pullRequestsPeopleImport],
  ['pull-requests/people/reject', pullRequestsPeopleReject],
  ['pull-requests/repositories', pullRequestsRepositories],
  ['pull-requests/repositories/[id]', pullRequestsRepositoriesId],
  ['pull-requests/repositories/[id]/sync', pullRequestsRepositoriesIdSync],
  ['pull-requests/repositories/[id]/webhook-secret', pullRequestsRepositoriesIdWebhookSecret],
  ['quotas', quotas],
  ['runs', runs],
  ['runs/[id]', runsId],
  ['runs/again', runsAgain],
  ['runs/cancel', runsCancel],
  ['runs/checked-tables', runsCheckedTables],
  ['runs/checks', runsChecks],
  ['search', search],
  ['sources', sources],
  ['sources/[id]', sourcesId],
  ['sources/[id]/arrivals', sourcesIdArrivals],
  ['sources/[id]/changes', sourcesIdChanges],
  ['sources/[id]/dead-rows', sourcesIdDeadRows],
  ['sources/[id]/dead-rows/replay', sourcesIdDeadRowsReplay],
  ['sources/[id]/discards', sourcesIdDiscards],
  ['sources/[id]/discards/[discard]/allow', sourcesIdDiscardsDiscardAllow],
  ['sources/[id]/discards/[discard]/replay', sourcesIdDiscardsDiscardReplay],
  ['sources/[id]/events', sourcesIdEvents],
  ['sources/[id]/keys/[key]', sourcesIdKeysKey],
  ['sources/[id]/rotate-key', sourcesIdRotateKey],
  ['sources/[id]/tables', sourcesIdTables],
  ['sources/[id]/tables/[table]', sourcesIdTablesTable],
  ['sources/volume', sourcesVolume],
  ['subscriptions', subscriptions],
  ['subscriptions/change', subscriptionsChange],
  ['subscriptions/checkout', subscriptionsCheckout],
  ['subscriptions/invoices', subscriptionsInvoices],
  ['subscriptions/keep', subscriptionsKeep],
  ['subscriptions/portal', subscriptionsPortal],
  ['subscriptions/preview', subscriptionsPreview],
  ['team', team],
  ['team/[id]', teamId],
  ['team/[id]/resend', teamIdResend],
  ['team/invitations/[id]', teamInvitationsId],
  ['traces/budgets', tracesBudgets],
  ['traces/budgets/[id]', tracesBudgetsId],
  ['traces/costly', tracesCostly],
  ['traces/dead-rows', tracesDeadRows],
  ['traces/dead-rows/replay', tracesDeadRowsReplay],
  ['traces/developers', tracesDevelopers],
  ['traces/imports', tracesImports],
  ['traces/imports/[id]', tracesImportsId],
  ['traces/imports/[id]/dead-letters', tracesImportsIdDeadLetters],
  ['traces/models', tracesModels],
  ['traces/prices', tracesPrices],
  ['traces/prices/[id]', tracesPricesId],
  ['traces/prices/recalculate', tracesPricesRecalculate],
  ['traces/requests', tracesRequests],
  ['traces/retention', tracesRetention],
  ['traces/sessions', tracesSessions],
  ['traces/usage', tracesUsage],
];

const infoOf = (handler: unknown): RouteInfo[] =>
  typeof handler === 'function' && 'info' in handler ? [handler.info as RouteInfo] : [];

/** Every call, by its place in the file tree. */
export const portalCalls: readonly PortalCall[] = modules.flatMap(([path, handlers]) =>
  Object.values(handlers)
    .flatMap(infoOf)
    .map(info => ({ path, info })),
);
