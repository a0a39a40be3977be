/** Reads statements from sql/<domain>/<name>.sql; parsed once a process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type SqlFile = {
  /** Path below sql/, as `quotas/list-days.sql`. */
  name: string;
  text: string;
  /** Tables named in the text, as `customers.customer_api_keys`, `tenant.pipeline_runs`, `agent.chat_events` or `source.tracks`. */
  tables: string[];
  /** Parameters named in the text, without the @. */
  parameters: string[];
};

const files = new Map<string, SqlFile>();
const withoutComments = (text: string) => text.replace(/--[^\n]*/g, '');

/** Parses a statement's text into what the kernel needs to know of it. */
export function parseSql(name: string, text: string): SqlFile {
  const code = withoutComments(text);
  const tables = [
    ...new Set([...code.matchAll(/\b(customers|tenant|source|agent)\.([a-z_]+)\b/g)].map(match => match[0])),
  ].sort();
  const parameters = [...new Set([...code.matchAll(/@([a-z_]+)/g)].map(match => match[1] as string))].sort();
  return { name, text, tables, parameters };
}

/** The statement of sql/<name>. */
export function sqlFile(name: string): SqlFile {
  const known = files.get(name);
  if (known) return known;
  const file = parseSql(name, readFileSync(join(process.cwd(), 'sql', name), 'utf8'));
  files.set(name, file);
  return file;
}
