/** Requests to AI models as a customer's key sends them, in the data model's own form, for stories of what they cost. */
import { demo } from '@/e2e/demo';

/** One of a minute ago, of Mia's in acme/shop. */
export const record = (change: object = {}) => ({
  session_id: 'session-one',
  developer_id: 'mia@example.com',
  timestamp: new Date(Date.now() - 60_000).toISOString(),
  model: 'openai/gpt-4o',
  tokens_in: 250,
  tokens_out: 150,
  latency_ms: 1234.5,
  status_code: 200,
  accepted_flag: 0,
  repo_slug: 'acme/shop',
  ...change,
});

/** Sends records as curl in the snippet does; `key` carries traces:write. */
export async function sendRecords(key: string, records: object[]): Promise<{ status: number; text: string }> {
  const response = await fetch(`${demo().dataPlane}/v1/traces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(records),
  });
  return { status: response.status, text: await response.text() };
}
