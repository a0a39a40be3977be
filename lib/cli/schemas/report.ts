/** What people read of a plan or an apply: a line a change, a sum, an exit code. */
import { print } from '@/lib/cli/schemas/target';
import type { Change } from '@/lib/warehouse/schemas/plan';

const signs: Record<string, string> = { create_dataset: '+', create_table: '+', add_column: '+', refuse: '!' };

/** The change as a line: a sign, its kind, what it is of, a sentence. */
export function changeLine(change: Change): string {
  const name = [change.dataset, change.table, change.column].filter(Boolean).join('.');
  return `${signs[change.kind] ?? '~'} ${change.kind.padEnd(22)} ${name}: ${change.detail}`;
}

/** The changes that are made: those of a table with a refusal are not. */
export function withoutRefused(changes: Change[]): Change[] {
  const refused = changes.filter(change => change.kind === 'refuse');
  const sameTable = (one: Change, other: Change) => one.dataset === other.dataset && one.table === other.table;
  return changes.filter(change => !refused.some(other => sameTable(change, other)));
}

/** Prints the changes and returns the exit code: 2 when one is refused; its table then stays as it is. */
export function report(changes: Change[], done: 'to make' | 'made'): number {
  for (const change of changes) print(changeLine(change));
  const refused = changes.filter(change => change.kind === 'refuse').length;
  const made = withoutRefused(changes).length;
  const left = changes.length - made - refused;
  const leftText = left ? `, ${left} left undone in tables with a refusal` : '';
  if (changes.length === 0) print('nothing to change');
  else print(`${made} ${done}${leftText}, ${refused} refused`);
  return refused ? 2 : 0;
}
