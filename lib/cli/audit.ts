/** `cli audit verify`: whether a row of the audit log is missing. */
import { verifyAudit } from '@/lib/kernel/audit-verify';

const usage = `Usage: audit verify

  Checks that each sequence of the audit log runs without gaps up to its head; exit 1 when rows are missing.`;

/** Runs one audit command. Exit codes: 0 whole, 1 gaps, 2 wrong usage. */
export async function auditCommand([command]: string[]): Promise<number> {
  if (command !== 'verify') {
    process.stderr.write(`${usage}\n`);
    return command === undefined || command === 'help' ? 0 : 2;
  }
  const { scopes, rows, gaps } = await verifyAudit();
  for (const { scope, from, to } of gaps) {
    process.stdout.write(`${scope}: ${from === to ? `${from} is` : `${from} to ${to} are`} missing\n`);
  }
  const verdict = gaps.length === 0 ? 'no row is missing' : `${gaps.length} gaps`;
  process.stdout.write(`${rows} rows in ${scopes} sequences: ${verdict}\n`);
  return gaps.length === 0 ? 0 : 1;
}
