/** Says which part of the portal is up; 503 when the database is not. */
import { healthReport, healthResponse } from '@/lib/platform/http/health';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const { status, headers, body } = healthResponse(await healthReport());
  return new Response(body, { status, headers });
}
