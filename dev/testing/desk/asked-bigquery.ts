/** A text sent to the local BigQuery as the desk sends it, and all that comes back as one text. */
import { randomUUID } from 'node:crypto';
import { type Canaries, canaryRows } from '@/dev/testing/desk/canaries';
import { env } from '@/lib/platform/env';

export type Answer = { ran: boolean; text: string };

const longestMs = 30_000;

async function request(path: string, init: RequestInit = {}): Promise<string> {
  const { BIGQUERY_API_URL, GOOGLE_CLOUD_PROJECT } = env();
  const url = `${BIGQUERY_API_URL}/bigquery/v2/projects/${GOOGLE_CLOUD_PROJECT}${path}`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(longestMs) });
  return answer.text();
}

/** Runs `sql` with `dataset` as the default one. A text that BigQuery does not finish counts as not run. */
export async function askBigQuery(sql: string, dataset: string): Promise<Answer> {
  const projectId = env().GOOGLE_CLOUD_PROJECT;
  const jobId = `desk_proof_${randomUUID()}`;
  const query = { query: sql, useLegacySql: false, defaultDataset: { projectId, datasetId: dataset } };
  const body = JSON.stringify({ jobReference: { projectId, jobId }, configuration: { query } });
  try {
    const job = await request('/jobs', { method: 'POST', body });
    const rows = await request(`/queries/${jobId}?maxResults=2000&timeoutMs=20000`);
    return { ran: !/"(?:error|errorResult)"/.test(job + rows), text: withoutQuestion(job, sql) + rows };
  } catch (error) {
    return { ran: false, text: String(error) };
  }
}

/** The job says what was asked; only what it answers counts. */
const withoutQuestion = (job: string, sql: string) => job.replaceAll(JSON.stringify(sql), '""');

/** Places whose bytes are in an answer: by their words, or by the number of their rows. */
export function foreignIn({ text }: Answer, { words }: Canaries): string[] {
  const small = text.toLowerCase();
  const places = [...words].flatMap(([word, place]) => (small.includes(word) ? [place] : []));
  if (new RegExp(`"v":\\s*"${canaryRows}"`).test(text)) places.push(`${canaryRows} rows of some dataset`);
  return [...new Set(places)];
}
