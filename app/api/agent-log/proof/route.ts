/** GET: one session (`session_id`) with the proof that nothing of it was changed since it was recorded, as a JSON file. */
import { exportSession } from '@/lib/domains/agent-log/export/export-session';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Take a session away with its proof',
  input: exportSession.input,
  name: exportSession.operationName,
  method: 'GET',
  permission: exportSession.permission,
  query: async ({ ctx, raw }) => ({
    status: 200,
    body: await exportSession(ctx, raw),
    headers: { 'content-disposition': 'attachment; filename="agent-session-proof.json"' },
  }),
});
