/** GET /v1/credentials/{credential_id} */
import { z } from 'zod';
import { fetchCredential as fetch } from '@/lib/domains/credentials/fetch';
import { credentialId } from '@/lib/domains/credentials/input';
import { credentialKinds, credentialProviders, credentialTypes } from '@/lib/domains/credentials/rules';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';

const fetched = z.strictObject({
  credential_id: z.string(),
  name: z.string(),
  provider: z.enum(credentialProviders),
  credential_type: z.enum(credentialTypes),
  kind: z.enum(credentialKinds).meta({ description: 'Which fields `secret` has.' }),
  version: z.int().meta({ description: 'Counts the secrets of this credential.' }),
  secret: z.record(z.string(), z.string()).meta({
    description:
      'The secret itself: the service account’s file, `access_key_id` and `secret_access_key`, `role_arn` and ' +
      '`external_id`, `client_id` and `client_secret`, or `api_key`.',
  }),
  project_id: z.string().nullable(),
  account_id: z.string().nullable(),
  region: z.string().nullable(),
  expires_at: z.iso.datetime().nullable().meta({ description: 'Null where it is not known to expire.' }),
  previous: z
    .strictObject({ version: z.int(), valid_until: z.iso.datetime() })
    .nullable()
    .meta({ description: 'The secret before the last rotation, while it can be fetched by its version.' }),
});

export const fetchCredential = defineOperationRoute({
  operationId: 'fetchCredential',
  method: 'GET',
  path: '/v1/credentials/{credential_id}',
  who: 'both',
  summary: 'Fetch a stored credential',
  description:
    'The credential with its secret in the clear, for the run that needs it: keep it in memory and no longer than the ' +
    'run. `version` asks for the secret before the last rotation while its overlap lasts. A key that is bound to ' +
    'credentials finds only those. Each minute of fetches is written into the audit log; a key may fetch a credential ' +
    '60 times a minute.',
  params: z.strictObject({ credential_id: credentialId }),
  success: { status: 200, description: 'The credential. Never stored by caches.', schema: fetched },
  errors: ['not_found', 'invalid_input', 'key_service_unavailable'],
  operation: fetch,
  args: ({ params }) => [params.credential_id],
  answer: ({ expires_at, previous, ...credential }) => ({
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      ...credential,
      expires_at: expires_at?.toISOString() ?? null,
      previous: previous && { version: previous.version, valid_until: previous.valid_until.toISOString() },
    },
  }),
});
