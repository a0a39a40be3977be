/** GET /v1/health */
import { z } from 'zod';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { healthReport } from '@/lib/platform/http/health';

const retryAfterSeconds = 5;

export const readHealth = defineV1Route({
  operationId: 'readHealth',
  method: 'GET',
  path: '/v1/health',
  who: 'public',
  permission: null,
  summary: 'Health',
  description: 'Which part works. Without BigQuery every call here still works; without the database none does.',
  success: {
    status: 200,
    description: '`ok`, or `degraded` while a part that these calls do not need is away.',
    others: { 503: '`down`: the database cannot be reached.' },
    schema: z.strictObject({
      status: z.enum(['ok', 'degraded', 'down']),
      parts: z.record(z.string(), z.strictObject({ ok: z.boolean(), ms: z.int(), message: z.string() })),
    }),
  },
  errors: [],
  handler: async () => {
    const report = await healthReport();
    if (report.status !== 'down') return { status: 200, body: report };
    return { status: 503, body: report, headers: { 'retry-after': String(retryAfterSeconds) } };
  },
});
