/** A repository as the JSON API shows it with the secret of its webhook: in the answer that made the secret, and never again. */
import type { RepositoryWithSecret } from '@/lib/domains/pull-requests/repositories/connect';
import { webhookUrl } from '@/lib/edge/http/github-webhook';

/** The answer that carries the secret; `status` 201 where the repository is new. */
export const secretAnswer = ({ repository, secret }: RepositoryWithSecret, status: 200 | 201) => ({
  status,
  body: {
    ...repository,
    webhook_url: webhookUrl(repository.repository_id),
    webhook_secret: secret.reveal(),
  },
  headers: {
    'cache-control': 'no-store',
    ...(status === 201 && { location: `/api/pull-requests/repositories/${repository.repository_id}` }),
  },
});
