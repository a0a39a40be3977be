/** The demo's query desk: queries that the organization saved, and what its people asked in the last weeks. */
import { and, eq } from 'drizzle-orm';
import { ownerCtx } from '@/dev/seed/owner-ctx';
import { seededRandom } from '@/dev/seed/random';
import type { Customer } from '@/lib/domains/customers/tables';
import { leastBytes } from '@/lib/domains/desk/rules';
import { askerOf } from '@/lib/domains/desk/run/asker';
import { saveQuery } from '@/lib/domains/desk/saved/saved-queries';
import { deskDays, deskQueries } from '@/lib/domains/desk/tables';
import { teamMembers } from '@/lib/domains/team/tables';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;
const historyDays = 21;

/** A query that the organization saved, and members ran. */
type DemoQuery = { name: string; sql: string; tables: string[]; rows: number };

export const demoQueries: readonly DemoQuery[] = [
  {
    name: 'Failed runs by pipeline',
    sql: "SELECT pipeline_id, COUNT(*) AS failed, MAX(start_time) AS last_failure\nFROM pipeline_runs\nWHERE status = 'FAILED'\n  AND start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)\nGROUP BY pipeline_id\nORDER BY failed DESC",
    tables: ['pipeline_runs'],
    rows: 9,
  },
  {
    name: 'Runs a day',
    sql: 'SELECT DATE(start_time) AS day, COUNT(*) AS runs\nFROM pipeline_runs\nGROUP BY day\nORDER BY day DESC',
    tables: ['pipeline_runs'],
    rows: 90,
  },
  {
    name: 'Slowest tools of agents',
    sql: 'SELECT tool_name, COUNT(*) AS calls, AVG(duration_ms) AS average_ms\nFROM tool_executions\nGROUP BY tool_name\nORDER BY average_ms DESC',
    tables: ['tool_executions'],
    rows: 14,
  },
  {
    name: 'Commits a developer',
    sql: 'SELECT author, COUNT(*) AS commits\nFROM commits\nGROUP BY author\nORDER BY commits DESC',
    tables: ['commits'],
    rows: 3,
  },
];

type Row = typeof deskQueries.$inferInsert;

/** One that ended, some days ago; every ninth had a mistake that only showed while it ran. */
function pastQuery(customerId: string, askedBy: string, startedAt: Date, index: number): Row {
  const demo = demoQueries[index % demoQueries.length] as DemoQuery;
  const failed = index % 9 === 8;
  const queryId = `qry_demo${String(index).padStart(16, '0')}${customerId.slice(-6)}`;
  const sql = failed ? 'SELECT sha, 1 / (LENGTH(sha) - 40) AS share\nFROM commits' : demo.sql;
  return {
    queryId,
    customerId,
    askedBy,
    askedVia: 'portal',
    sql,
    executedSql: `${sql}\nLIMIT 1000`,
    tables: failed ? ['commits'] : demo.tables,
    status: failed ? 'FAILED' : 'COMPLETED',
    jobId: `desk_${queryId}`,
    estimatedBytes: leastBytes * (1 + (index % 4)),
    capBytes: 1024 ** 3,
    bytesBilled: failed ? 0 : leastBytes * (1 + (index % 4)),
    rowCount: failed ? null : demo.rows,
    totalRows: failed ? null : demo.rows,
    errorMessage: failed ? 'division by zero: 1 / 0' : null,
    startedAt,
    endedAt: new Date(startedAt.getTime() + 1_200 + (index % 7) * 640),
  };
}

/** What each who may query asked since, at hours of work, the latest more than a day ago: results of it are expired. */
async function pastQueries({ customerId }: Customer, now: Date): Promise<Row[]> {
  const members = await db()
    .select({ userId: teamMembers.userId, role: teamMembers.role })
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, customerId), eq(teamMembers.status, 'ACTIVE')));
  const random = seededRandom(31);
  const rows: Row[] = [];
  for (const { userId, role } of members) {
    if (!userId || role === 'VIEWER') continue;
    for (let day = historyDays; day >= 2; day -= random.between(1, 2)) {
      const at = new Date(now.getTime() - day * dayMs - random.between(0, 7 * 3_600_000));
      rows.push(pastQuery(customerId, askerOf({ type: 'user', id: userId }), at, rows.length));
    }
  }
  return rows;
}

/** Saves queries by name as the owner, and writes what was asked before and what its days billed. */
export async function seedDesk(customer: Customer, now: Date): Promise<void> {
  for (const [index, { name, sql }] of demoQueries.entries()) {
    const savedAt = new Date(now.getTime() - (historyDays - index * 3) * dayMs);
    await saveQuery(await ownerCtx(customer, savedAt), { query_name: name, sql });
  }
  const rows = await pastQueries(customer, now);
  if (rows.length === 0) return;
  await db().insert(deskQueries).values(rows);
  const days = Map.groupBy(rows, ({ startedAt }) => utcDay(startedAt));
  const ofDays = [...days].map(([day, queries]) => ({
    customerId: customer.customerId,
    day,
    bytes: queries.reduce((sum, { bytesBilled }) => sum + (bytesBilled ?? 0), 0),
    queries: queries.length,
  }));
  await db().insert(deskDays).values(ofDays);
}
