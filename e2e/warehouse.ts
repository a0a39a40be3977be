/** What BigQuery says, asked past the product: the rows that pages and reports would read. */
import { expect } from '@playwright/test';
import { demo } from '@/e2e/demo';

type Answer = {
  schema?: { fields: { name: string }[] };
  rows?: { f: { v: string | null }[] }[];
  errors?: { message: string }[];
};

/** Rows of a statement, each value as text. */
export async function ask(query: string): Promise<Record<string, string | null>[]> {
  const { bigquery, projectId } = demo();
  const response = await fetch(`${bigquery}/bigquery/v2/projects/${projectId}/queries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, useLegacySql: false, timeoutMs: 20_000 }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok || answer.errors) throw new Error(`${query}: ${JSON.stringify(answer)}`);
  const names = answer.schema?.fields.map(field => field.name) ?? [];
  return (answer.rows ?? []).map(row => Object.fromEntries(names.map((name, at) => [name, row.f[at]?.v ?? null])));
}

/** Waits until the mirror has brought the rows that are wanted. */
export async function expectRows(query: string, wanted: object[]): Promise<void> {
  await expect.poll(() => ask(query), { timeout: 20_000, message: query }).toEqual(wanted);
}
