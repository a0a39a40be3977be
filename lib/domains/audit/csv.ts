/** The audit log as CSV: a line an entry, for spreadsheets and archives. */

import type { AuditFilter } from '@/lib/domains/audit/input';
import { actorName, readNames, refsOf } from '@/lib/domains/audit/names';
import { type AuditEntryRow, allEntries } from '@/lib/domains/audit/queries';
import { sentenceOf, viewOf } from '@/lib/domains/audit/view';
import type { Ctx } from '@/lib/kernel/ctx';
import { type CsvValue, csvLine } from '@/lib/platform/csv';

type Cell = (entry: AuditEntryRow, words: { actor: string; what: string; target: string }) => CsvValue;

const columns: Record<string, Cell> = {
  sequence: entry => entry.sequence,
  occurred_at: entry => entry.occurred_at,
  actor_type: entry => entry.actor_type,
  actor_id: entry => entry.actor_id,
  actor: (_, words) => words.actor,
  action: entry => entry.action,
  outcome: entry => entry.outcome,
  occurrences: entry => entry.occurrences ?? 1,
  what: (_, words) => words.what,
  target_type: entry => entry.target_type,
  target_id: entry => entry.target_id,
  target: (_, words) => words.target,
  network: entry => entry.ip_prefix,
  request_id: entry => entry.request_id,
  user_agent: entry => entry.user_agent,
  before: entry => (entry.before === null ? null : JSON.stringify(entry.before)),
  after: entry => (entry.after === null ? null : JSON.stringify(entry.after)),
};

/** The CSV of all entries the filter matches, a head line first, in pieces of some thousand lines. Throws as listEntries. */
export async function* auditCsv(ctx: Ctx, filter: AuditFilter): AsyncGenerator<string> {
  let head = csvLine(Object.keys(columns));
  for await (const entries of allEntries(ctx, filter)) {
    const names = await readNames(ctx, refsOf(entries));
    const lines = entries.map(entry => {
      const view = viewOf(entry, names);
      const what = sentenceOf(view);
      const words = { actor: actorName(entry, names), what, target: view.targetName };
      return csvLine(Object.values(columns).map(cell => cell(entry, words)));
    });
    yield head + lines.join('');
    head = '';
  }
  if (head) yield head;
}
