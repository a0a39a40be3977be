/** Recreates a mirrored table: nobody writes it while it is deleted and made anew, then its rows come back from Postgres. */

import { openSession } from '@/lib/kernel/lock-session';
import { db } from '@/lib/platform/db';
import { type RelayDeps, relayContext } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import type { CopyTarget } from '@/lib/warehouse/mirror/read-copy';
import { rebuildMirror, whenWriter } from '@/lib/warehouse/mirror/rebuild';
import { raiseVersions } from '@/lib/warehouse/mirror/store';
import type { TableDefinition } from '@/lib/warehouse/schemas/definition';
import { recreateTable } from '@/lib/warehouse/schemas/recreate';

const keysAtOnce = 10_000;

/** Rows that Postgres holds of a mirror, of one customer where named: those that a rebuild writes back. */
export async function countInPostgres(mirror: Mirror, customerId?: string): Promise<number> {
  let rows = 0;
  for (let after: string | null = null; ; ) {
    const page = { after, limit: keysAtOnce, ...(customerId ? { customerId } : {}) };
    const keys = await mirror.listKeys(db(), page);
    if (keys.length === 0) return rows;
    rows += keys.length;
    after = keys.at(-1) ?? null;
  }
}

/**
 * Deletes the table with all its rows and creates it from its definition, as its only writer, and then
 * writes what Postgres holds of it; answers how many rows. Between the two the relay may go on: its rows are upserts.
 * Rows that only BigQuery held are lost. Throws as rebuildMirror does, and where a relay does not let go within a minute.
 */
export async function recreateMirrored(
  deps: RelayDeps,
  mirror: Mirror,
  target: CopyTarget,
  definition: TableDefinition,
): Promise<number> {
  const session = await openSession('mirror', deps.session);
  try {
    const context = relayContext(deps, session);
    // Readers' caches must not show for minutes what is gone.
    const readers = target.customerId
      ? [target.customerId]
      : (await deps.listDatasets()).map(known => known.customerId);
    await whenWriter(context, mirror, target, async () => {
      await recreateTable(deps.bigquery, target.dataset, definition);
      await raiseVersions(session, mirror.name, readers);
    });
  } finally {
    await session.close();
  }
  const rebuilt = await rebuildMirror(deps, mirror.name, target.customerId);
  return rebuilt.reduce((sum, { rows }) => sum + rows, 0);
}
