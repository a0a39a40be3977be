/** Who is who: developers of AI usage, the account of GitHub that each is or may be, and accounts that nobody is. */
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type AiDeveloper, listAiDevelopers } from '@/lib/domains/pull-requests/people/list-developers';
import { suggestLogins } from '@/lib/domains/pull-requests/people/suggest-logins';
import { type IdentityOrigin, maxIdentities } from '@/lib/domains/pull-requests/rules';
import {
  type DeveloperIdentity,
  developerIdentities as identities,
  pullRequests as pulls,
} from '@/lib/domains/pull-requests/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

/** Most accounts that are compared with developers; the last active first. */
const maxAuthors = 2_000;
const shownAccounts = 50;

/** CONFIRMED and REJECTED were said by a person; SAME_NAME needs nobody: the developer is named as the account is. */
export const personStates = ['SUGGESTED', 'SEVERAL', 'UNKNOWN', 'CONFIRMED', 'SAME_NAME', 'REJECTED'] as const;
export type PersonState = (typeof personStates)[number];

export const listPeopleInput = z.strictObject({
  state: z.enum(personStates).optional(),
  /** Part of the developer's name or of the login. */
  q: z.string().trim().min(1).max(300).optional(),
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export type Person = {
  developer_id: string;
  state: PersonState;
  /** The account that counts or is suggested; of REJECTED the one that it is not. */
  login: string | null;
  /** All accounts whose commits have the developer's e-mail address, where there are several. */
  candidates: string[];
  origin: IdentityOrigin | null;
  said_by: string | null;
  said_at: Date | null;
  /** Of the last 90 days; zero where the developer sent none. */
  requests: number;
  book_cost_usd: number;
  unpriced: number;
  last_request_at: Date | null;
};
export type Account = { login: string; pull_requests: number; last_updated_at: Date };
export type PeoplePage = RowsAge & {
  people: Person[];
  total: number;
  /** Of all people, whatever the filter. */
  counts: Record<PersonState, number>;
  /** Authors of pull requests that no developer is, the last active first; at most 50. */
  unmatched_logins: Account[];
  unmatched_total: number;
  nextCursor: string | null;
};

const authorsOf = (customerId: string) =>
  db()
    .select({
      login: sql<string>`${pulls.author}`,
      pull_requests: sql<number>`count(*)::int`,
      last_updated_at: sql<Date>`max(${pulls.updatedAt})`.mapWith(pulls.updatedAt),
    })
    .from(pulls)
    .where(and(eq(pulls.customerId, customerId), isNotNull(pulls.author)))
    .groupBy(pulls.author)
    .orderBy(desc(sql`max(${pulls.updatedAt})`), pulls.author)
    .limit(maxAuthors);

type Known = {
  said: DeveloperIdentity | undefined;
  used: AiDeveloper | undefined;
  suggested: readonly string[];
  sameName: string | undefined;
};

function standing({ said, suggested, sameName }: Known): Pick<Person, 'state' | 'login' | 'candidates'> {
  if (said) return { state: said.state, login: said.login, candidates: [] };
  if (sameName) return { state: 'SAME_NAME', login: sameName, candidates: [] };
  if (suggested.length > 1) return { state: 'SEVERAL', login: null, candidates: [...suggested] };
  if (suggested[0]) return { state: 'SUGGESTED', login: suggested[0], candidates: [] };
  return { state: 'UNKNOWN', login: null, candidates: [] };
}

const personOf = (developer_id: string, known: Known): Person => ({
  developer_id,
  ...standing(known),
  origin: known.said?.origin ?? null,
  said_by: known.said?.updatedBy ?? null,
  said_at: known.said?.updatedAt ?? null,
  requests: known.used?.requests ?? 0,
  book_cost_usd: known.used?.book_cost_usd ?? 0,
  unpriced: known.used?.unpriced ?? 0,
  last_request_at: known.used?.last_at ?? null,
});

/** What waits for a person first, then those whose requests cost most. */
const inOrder = (one: Person, other: Person): number =>
  personStates.indexOf(one.state) - personStates.indexOf(other.state) ||
  other.book_cost_usd - one.book_cost_usd ||
  (one.developer_id < other.developer_id ? -1 : 1);

async function everybody(ctx: CustomerCtx) {
  const { customerId } = ctx;
  // BigQuery's question comes first: it refuses whoever may not ask.
  const { rows, state, readAt, pendingSince } = await listAiDevelopers(ctx);
  const [said, authors, suggested] = await Promise.all([
    db().select().from(identities).where(eq(identities.customerId, customerId)).limit(maxIdentities),
    authorsOf(customerId),
    suggestLogins(
      db(),
      customerId,
      rows.map(row => row.developer_id),
    ),
  ]);
  const saidOf = new Map(said.map(row => [row.developerId, row]));
  const usedBy = new Map(rows.map(row => [row.developer_id, row]));
  const loginOf = new Map(authors.map(({ login }) => [login.toLowerCase(), login]));
  const people = [...new Set([...usedBy.keys(), ...saidOf.keys()])].map(developer =>
    personOf(developer, {
      said: saidOf.get(developer),
      used: usedBy.get(developer),
      suggested: suggested.get(developer) ?? [],
      sameName: loginOf.get(developer.toLowerCase()),
    }),
  );
  return { people: people.sort(inOrder), authors, age: { state, readAt, pendingSince } satisfies RowsAge };
}

const counts = (person: Person): boolean => person.state === 'CONFIRMED' || person.state === 'SAME_NAME';

/** Authors that no developer counts as. */
function withoutDeveloper(authors: readonly Account[], people: readonly Person[]): Account[] {
  const taken = new Set(people.filter(counts).map(({ login }) => login?.toLowerCase()));
  return authors.filter(({ login }) => !taken.has(login.toLowerCase()));
}

/** Whether the person stands in the list that was asked for. */
function matches({ state, q = '' }: z.output<typeof listPeopleInput>, person: Person): boolean {
  const names = [person.developer_id, person.login ?? '', ...person.candidates];
  return (
    (state === undefined || person.state === state) && names.some(name => name.toLowerCase().includes(q.toLowerCase()))
  );
}

/** One page of who is who. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listPeople(ctx: CustomerCtx, asked: z.output<typeof listPeopleInput>): Promise<PeoplePage> {
  const { people, authors, age } = await everybody(ctx);
  const matching = people.filter(person => matches(asked, person));
  const first = asked.after === undefined ? 0 : decodeCursor(z.int().min(0), asked.after);
  const last = first + asked.limit;
  const unmatched = withoutDeveloper(authors, people);
  return {
    ...age,
    people: matching.slice(first, last),
    total: matching.length,
    counts: Object.fromEntries(
      personStates.map(state => [state, people.filter(person => person.state === state).length]),
    ) as Record<PersonState, number>,
    unmatched_logins: unmatched.slice(0, shownAccounts),
    unmatched_total: unmatched.length,
    nextCursor: last < matching.length ? encodeCursor(last) : null,
  };
}
