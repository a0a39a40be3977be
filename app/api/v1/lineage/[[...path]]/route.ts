/** The calls that take events of OpenLineage, inside the portal's process; the same app as `npm run data-plane`. */
import { app } from '@/lib/edge/v1/app';

export const dynamic = 'force-dynamic';

const handler = (request: Request): Response | Promise<Response> => app.fetch(request);

export {
  handler as DELETE,
  handler as GET,
  handler as HEAD,
  handler as OPTIONS,
  handler as PATCH,
  handler as POST,
  handler as PUT,
};
