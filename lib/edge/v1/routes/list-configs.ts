/** GET /v1/provider-configs */
import { z } from 'zod';
import { listWorkerConfigs } from '@/lib/domains/providers/worker-reads';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { conditional, etagOf } from '@/lib/edge/v1/etag';
import { configBody, configSchema, ifNoneMatch } from '@/lib/edge/v1/routes/config-schemas';

export const listConfigs = defineOperationRoute({
  operationId: 'listProviderConfigs',
  method: 'GET',
  path: '/v1/provider-configs',
  who: 'both',
  summary: 'List provider configs',
  description:
    'What runs for the customer. Keep the `ETag` and send it as `If-None-Match`: as long as nothing changed the answer is 304 without a body. Follow `next_cursor` by sending it as `after` until it is null.',
  requestHeaders: ifNoneMatch,
  success: {
    status: 200,
    description: 'One page of configs.',
    schema: z.strictObject({
      data: z.array(configSchema),
      next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    }),
    others: { 304: 'Nothing changed since the answer that the caller has.' },
  },
  errors: ['invalid_input', 'invalid_cursor'],
  operation: listWorkerConfigs,
  args: () => [],
  answer: ({ configs, next }, { header }) => {
    const etag = etagOf(...configs.flatMap(({ configId, version }) => [configId, version]), next);
    return conditional(etag, header('if-none-match'), () => ({ data: configs.map(configBody), next_cursor: next }));
  },
});
