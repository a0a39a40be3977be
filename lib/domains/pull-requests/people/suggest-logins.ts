/** Which account of GitHub a developer may be: whose commits, of a login that GitHub knows, have the developer's e-mail address. */
import { sql } from 'drizzle-orm';
import { commits } from '@/lib/domains/pull-requests/tables';
import type { Db, Tx } from '@/lib/platform/db';

/** An address by which GitHub hides the real one; the number before the login came later. */
const hiddenAddress = /^(?:\d+\+)?([A-Za-z\d][\w-]{0,38})@users\.noreply\.github\.com$/i;

/**
 * Logins by developer, each once and spelled as in its last commit; one is a suggestion, several are a question. Developers without any
 * are not in it.
 */
export async function suggestLogins(
  store: Db | Tx,
  customerId: string,
  developers: readonly string[],
): Promise<Map<string, string[]>> {
  const suggested = new Map<string, string[]>();
  const addresses = developers.filter(developer => developer.includes('@'));
  for (const developer of addresses) {
    const login = hiddenAddress.exec(developer)?.[1];
    if (login) suggested.set(developer, [login]);
  }
  if (addresses.length === 0) return suggested;
  const { rows } = await store.execute<{ developer: string; logins: string[] }>(sql`
    SELECT developer, array_agg(login ORDER BY login) AS logins
    FROM (
      SELECT named.developer, (array_agg(${commits.authorLogin} ORDER BY ${commits.timestamp} DESC))[1] AS login
      FROM unnest(${sql.param(addresses)}::text[]) AS named (developer)
      JOIN ${commits} ON ${commits.customerId} = ${customerId}
        AND lower(${commits.authorEmail}) = lower(named.developer)
      WHERE ${commits.authorLogin} IS NOT NULL
      GROUP BY named.developer, lower(${commits.authorLogin})
    ) AS found
    GROUP BY developer`);
  // What GitHub says of a commit goes before what an address spells: a login may have changed since.
  for (const { developer, logins } of rows) suggested.set(developer, logins);
  return suggested;
}
