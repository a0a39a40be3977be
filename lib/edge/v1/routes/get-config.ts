/** GET /v1/provider-configs/{config_id} */
import { findWorkerConfig } from '@/lib/domains/providers/worker-reads';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { conditional, etagOf } from '@/lib/edge/v1/etag';
import { configBody, configParams, configSchema, ifNoneMatch } from '@/lib/edge/v1/routes/config-schemas';

export const getConfig = defineOperationRoute({
  operationId: 'getProviderConfig',
  method: 'GET',
  path: '/v1/provider-configs/{config_id}',
  who: 'both',
  summary: 'Read a provider config',
  description:
    'The config as it is now. Keep the `ETag` and send it as `If-None-Match`. A config of another customer is not found.',
  params: configParams,
  requestHeaders: ifNoneMatch,
  success: {
    status: 200,
    description: 'The config.',
    schema: configSchema,
    others: { 304: 'Nothing changed since the answer that the caller has.' },
  },
  errors: ['not_found', 'invalid_input'],
  operation: findWorkerConfig,
  args: ({ params }) => [params.config_id],
  answer: (config, { header }) =>
    conditional(etagOf(config.configId, config.version), header('if-none-match'), () => configBody(config)),
});
