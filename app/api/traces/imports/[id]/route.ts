/** GET: one job that brought traces in, with what it read and refused. */
import { readImport } from '@/lib/domains/traces/imports/imports';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read an import',
  input: readImport.input,
  name: readImport.operationName,
  method: 'GET',
  permission: readImport.permission,
  query: async ({ ctx, raw, params }) => ({ status: 200, body: await readImport(ctx, raw, params.id ?? '') }),
});
