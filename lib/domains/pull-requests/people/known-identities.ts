/** Who is who, as the questions to BigQuery take it: a text of JSON for each developer of whom a person said something. */
import { asc, eq } from 'drizzle-orm';
import { maxIdentities } from '@/lib/domains/pull-requests/rules';
import { developerIdentities } from '@/lib/domains/pull-requests/tables';
import { db } from '@/lib/platform/db';

/** `login` null: a person said that the developer is not that account, and nobody said which. */
type KnownIdentity = { developer: string; login: string | null };

/** JSON texts of all developers that were confirmed or rejected; whoever is none of them counts as the login of its own name. */
export async function identityTexts(customerId: string): Promise<string[]> {
  const { developerId: developer, login, state } = developerIdentities;
  const rows = await db()
    .select({ developer, login, state })
    .from(developerIdentities)
    .where(eq(developerIdentities.customerId, customerId))
    .orderBy(asc(developer))
    .limit(maxIdentities);
  return rows.map(row =>
    JSON.stringify({
      developer: row.developer,
      login: row.state === 'CONFIRMED' ? row.login : null,
    } satisfies KnownIdentity),
  );
}
