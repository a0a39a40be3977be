/** The data plane as a Hono app, for servers that speak Request and Response: Next, tests, other runtimes. */
import { Hono } from 'hono';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { answer } from '@/lib/edge/v1/answer';

/** Every call below /v1. Which calls there are stands in lib/edge/v1/routes.ts; the pipeline in lib/edge/v1/answer.ts. */
export const app = new Hono().all('*', async context => {
  const request = context.req.raw;
  const answered = await answer(fromWebRequest(request));
  return toWebResponse(request.method === 'HEAD' ? { ...answered, body: '' } : answered);
});
