/** `cli mirror …`: how the copy in BigQuery stands, whether it equals Postgres, and how to mend it. */
import { command } from '@/lib/cli/command';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { rebuildMirror } from '@/lib/warehouse/mirror/rebuild';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { deferredTables, mirrorBudget } from '@/lib/warehouse/mirror/schedule/budget-status';
import { deadChanges, mirrorStatus, retryDead } from '@/lib/warehouse/mirror/status';
import { type Difference, type Verified, verifyMirror } from '@/lib/warehouse/mirror/verify';

const differencesShown = 10;
const accountsShown = 10;
const print = (line: string) => process.stdout.write(`${line}\n`);

/** The mirror of that table. Throws a sentence that lists them when there is none. */
function mirrorNamed(text: string): Mirror {
  const known = relayDeps().mirrors;
  const exact = known.filter(({ name }) => name === text);
  const found = exact.length > 0 ? exact : known.filter(({ name }) => name.split('.')[1] === text);
  if (found.length === 1 && found[0]) return found[0];
  const names = known.map(({ name }) => `  ${name}`).sort();
  throw new Error(`${text} is ${found.length > 1 ? 'more than one table' : 'no mirrored table'}:\n${names.join('\n')}`);
}

const differenceLine = ({ key, kind, columns }: Difference) =>
  `    ${key}: ${kind}${columns.length > 0 ? ` (${columns.join(', ')})` : ''}`;

const tableOf = ({ dataset, mirror }: { dataset: string; mirror: string }) => `${dataset}.${mirror.split('.')[1]}`;

function printDifferences(verified: Verified): void {
  const { differences } = verified;
  print(`  ${tableOf(verified)}: ${differences.length} rows differ`);
  for (const difference of differences.slice(0, differencesShown)) print(differenceLine(difference));
  if (differences.length > differencesShown) print(`    and ${differences.length - differencesShown} more`);
}

/** Compares one mirror and prints one line for it, and what differs below; answers how many rows do. */
async function verifyOne(mirror: Mirror, customerId?: string): Promise<number> {
  const sum = { tables: 0, postgres: 0, bigquery: 0, kept: 0, differing: 0 };
  const unequal: Verified[] = [];
  for await (const verified of verifyMirror(relayDeps(), mirror, customerId)) {
    sum.tables++;
    sum.postgres += verified.postgresRows;
    sum.bigquery += verified.bigqueryRows;
    sum.kept += verified.keptRows;
    sum.differing += verified.differences.length;
    if (verified.differences.length > 0) unequal.push(verified);
  }
  const verdict = sum.differing === 0 ? 'equal' : `${sum.differing} rows differ`;
  const where = mirror.shape.dataset === 'tenant' ? ` in ${sum.tables} datasets` : '';
  const kept = sum.kept > 0 ? `, ${sum.kept} of them kept only there` : '';
  print(`${mirror.name.padEnd(38)} ${verdict}: Postgres ${sum.postgres}, BigQuery ${sum.bigquery}${kept}${where}`);
  unequal.forEach(printDifferences);
  return sum.differing;
}

async function verify(tables: string[], customerId?: string): Promise<number> {
  const wanted = tables.length > 0 ? tables.map(mirrorNamed) : relayDeps().mirrors;
  let differing = 0;
  for (const mirror of wanted) differing += await verifyOne(mirror, customerId);
  print(differing === 0 ? 'Postgres and BigQuery are equal.' : `${differing} rows differ.`);
  if (differing > 0) {
    const waiting = (await mirrorStatus()).reduce((sum, mirror) => sum + mirror.waiting, 0);
    if (waiting > 0) print(`${waiting} changes wait to be sent; is a worker running? \`mirror flush\` sends them.`);
  }
  return differing === 0 ? 0 : 1;
}

async function rebuild(table: string, customerId?: string): Promise<number> {
  for (const rebuilt of await rebuildMirror(relayDeps(), mirrorNamed(table).name, customerId)) {
    if (rebuilt.rows + rebuilt.removed > 0) {
      print(`${tableOf(rebuilt)}: ${rebuilt.rows} rows written, ${rebuilt.removed} removed`);
    }
  }
  print('Done.');
  return 0;
}

/** What the mirror costs, who has spent more than the month's course, and what waits for that. */
async function printBudget(): Promise<void> {
  const { spentUsd, budgetUsd, activeTenants, overCourse } = await mirrorBudget();
  const usd = (amount: number) => `$${amount.toFixed(2)}`;
  print(`${usd(spentUsd)} of ${usd(budgetUsd)} this month; ${activeTenants} tenants reported in the last 7 days`);
  for (const { customerId, ...account } of overCourse.slice(0, accountsShown)) {
    const { spentUsd, budgetUsd, intervalSeconds } = account;
    const who = customerId === '' ? 'the shared tables' : customerId;
    print(`over course: ${who}, ${usd(spentUsd)} of ${usd(budgetUsd)}; written every ${Math.round(intervalSeconds)} s`);
  }
  if (overCourse.length > accountsShown) print(`  and ${overCourse.length - accountsShown} more`);
  const deferred = await deferredTables(relayDeps().mirrors.map(({ name }) => name));
  const [longest] = deferred;
  if (longest) {
    print(
      `${deferred.length} tables wait for the budget, ${longest.mirror} of ${longest.customerId} for ` +
        `${Math.round(longest.waitingSeconds)} of ${Math.round(longest.intervalSeconds)} s`,
    );
  }
}

async function status(): Promise<number> {
  const seconds = (since: Date | null) => (since ? `${Math.round((Date.now() - since.getTime()) / 1000)} s` : '–');
  print(`${'table'.padEnd(38)}${'waiting'.padStart(9)}${'oldest'.padStart(9)}${'set aside'.padStart(11)}  synced`);
  for (const { mirror, waiting, waitingSince, dead, syncedAt } of await mirrorStatus()) {
    const numbers = `${String(waiting).padStart(9)}${seconds(waitingSince).padStart(9)}${String(dead).padStart(11)}`;
    print(`${mirror.padEnd(38)}${numbers}  ${syncedAt?.toISOString() ?? 'never'}`);
  }
  await printBudget();
  for (const { mirror, key, failedAt, error } of await deadChanges()) {
    print(`set aside ${failedAt.toISOString()} ${mirror} ${key}: ${error.split('\n')[0]}`);
  }
  return 0;
}

async function flush(): Promise<number> {
  print(`${(await flushOnce(relayDeps())).rows} rows sent`);
  return 0;
}

async function retry(table: string | undefined): Promise<number> {
  const rows = await retryDead(table === undefined ? undefined : mirrorNamed(table).name);
  print(`${rows} changes put back in line`);
  return 0;
}

const tableForms = 'such as customers.customer_api_keys, tenant.pipeline_runs or only the last part';
const customer = { type: 'string', description: 'only the rows of this customer', valueHint: 'id' } as const;

export const mirrorCommands = {
  verify: command({
    description: 'compare Postgres with BigQuery row for row; exit 1 when they differ',
    args: {
      table: { type: 'positional', required: false, several: true, description: `all, or those named, ${tableForms}` },
      customer,
    },
    run: values => verify(values.table, values.customer),
  }),
  rebuild: command({
    description: 'write a table anew from Postgres, while it is in use',
    args: { table: { type: 'positional', description: tableForms }, customer },
    run: values => rebuild(values.table, values.customer),
  }),
  flush: command({ description: 'send what waits now', run: flush }),
  status: command({ description: 'what waits, since when, what it costs, and what was set aside', run: status }),
  'retry-dead': command({
    description: 'put what was set aside back in line',
    args: { table: { type: 'positional', required: false, description: `all, or one, ${tableForms}` } },
    run: ({ table }) => retry(table),
  }),
};
