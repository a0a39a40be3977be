/** POST: a delivery of GitHub about the repository of this id; no session, its signature says who calls. */
import { takeGithubWebhook } from '@/lib/edge/http/github-webhook';

export const dynamic = 'force-dynamic';

export const POST = (request: Request): Promise<Response> => takeGithubWebhook(request);
