/** POST: another secret for the repository's webhook, in this answer only; the old one ends at once. */
import { secretAnswer } from '@/app/api/pull-requests/repositories/secret-body';
import { renewWebhookSecret } from '@/lib/domains/pull-requests/repositories/connect';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Renew the secret of a webhook',
  method: 'POST',
  command: renewWebhookSecret,
  ids: { repository_id: 'id' },
  answer: result => secretAnswer(result, 200),
});
