/** Takes a file of who is who: each line is confirmed, found unchanged, or refused with its reason; nothing is passed over. */
import { eq, sql } from 'drizzle-orm';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { confirmIdentityInput, importIdentitiesInput } from '@/lib/domains/pull-requests/input';
import { sameLogin } from '@/lib/domains/pull-requests/people/identities';
import { maxIdentities } from '@/lib/domains/pull-requests/rules';
import { type DeveloperIdentity, developerIdentities as identities } from '@/lib/domains/pull-requests/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { type CsvRecord, readCsv } from '@/lib/platform/read-csv';

/** Rows of one INSERT. */
const insertedAtOnce = 1_000;

export type RefusedLine = { line: number; problem: string };
export type ImportedIdentities = { taken: number; unchanged: number; refused: RefusedLine[] };

type Line = { line: number; developerId: string; login: string };

const wrongFile = (message: string): AppError =>
  new AppError('invalid_input', message, { fields: [{ path: 'csv', message }] });

/** Where the two columns stand. AppError invalid_input. */
function columnsOf(head: CsvRecord | undefined): { developer: number; login: number } {
  const names = (head?.cells ?? []).map(name => name.trim().toLowerCase());
  const [developer, login] = [names.indexOf('developer_id'), names.indexOf('login')];
  if (developer >= 0 && login >= 0) return { developer, login };
  throw wrongFile('The first line must be the head: developer_id,login.');
}

/** The file's lines, each sound or refused; a developer counts by the first line that names it. AppError invalid_input. */
function readLines(csv: string): { lines: Line[]; refused: RefusedLine[] } {
  const [head, ...records] = readCsv(csv);
  const columns = columnsOf(head);
  if (records.length > maxIdentities) throw wrongFile(`A file has at most ${maxIdentities} lines.`);
  const lines = new Map<string, Line>();
  const refused: RefusedLine[] = [];
  for (const { line, cells, isOpen } of records) {
    const read = confirmIdentityInput.safeParse({
      developer_id: cells[columns.developer] ?? '',
      login: cells[columns.login] ?? '',
    });
    const earlier = read.success ? lines.get(read.data.developer_id) : undefined;
    const problem = isOpen
      ? 'A quoted cell never ends.'
      : !read.success
        ? (read.error.issues[0]?.message ?? 'The line is not understood.')
        : earlier
          ? `Line ${earlier.line} names this developer already.`
          : null;
    if (problem !== null) refused.push({ line, problem });
    else if (read.success)
      lines.set(read.data.developer_id, { line, developerId: read.data.developer_id, login: read.data.login });
  }
  return { lines: [...lines.values()], refused };
}

async function storeAll(tx: Tx, rows: readonly DeveloperIdentity[]): Promise<void> {
  for (let at = 0; at < rows.length; at += insertedAtOnce)
    await tx
      .insert(identities)
      .values(rows.slice(at, at + insertedAtOnce))
      .onConflictDoUpdate({
        target: [identities.customerId, identities.developerId],
        set: {
          login: sql`excluded.login`,
          state: sql`excluded.state`,
          origin: sql`excluded.origin`,
          updatedAt: sql`excluded.updated_at`,
          updatedBy: sql`excluded.updated_by`,
        },
      });
}

/** Takes the file's lines. A line wins over what was said before. AppError invalid_input. */
export const importIdentities = defineCommand({
  name: 'identity.import',
  permission: 'pull-requests:write',
  input: importIdentitiesInput,
  run: async ({ ctx, tx, input: { csv } }): Promise<Change<ImportedIdentities>> => {
    const { customerId } = requireCustomer(ctx);
    const { lines, refused } = readLines(csv);
    await lockCustomer(tx, customerId);
    const known = new Map(
      (await tx.select().from(identities).where(eq(identities.customerId, customerId))).map(row => [
        row.developerId,
        row,
      ]),
    );
    const [updatedAt, updatedBy] = [ctx.clock(), actorLabel(ctx.actor)];
    const taken: DeveloperIdentity[] = [];
    let unchanged = 0;
    let places = maxIdentities - known.size;
    for (const { line, developerId, login } of lines) {
      const before = known.get(developerId);
      if (before?.state === 'CONFIRMED' && sameLogin(before.login, login)) unchanged += 1;
      else if (!before && places <= 0)
        refused.push({ line, problem: `At most ${maxIdentities} developers can be mapped.` });
      else {
        if (!before) places -= 1;
        taken.push({ customerId, developerId, login, state: 'CONFIRMED', origin: 'csv', updatedAt, updatedBy });
      }
    }
    refused.sort((one, other) => one.line - other.line);
    const result = { taken: taken.length, unchanged, refused };
    if (taken.length === 0) return { result, unchanged: true };
    await storeAll(tx, taken);
    const after = { taken: taken.length, unchanged, refused: refused.length };
    return { result, target: { type: 'customer', id: customerId }, before: null, after, mirror: [] };
  },
});
