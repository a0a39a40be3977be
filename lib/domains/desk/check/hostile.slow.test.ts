/**
 * The proof that a tenant's query reads no foreign byte: every text of the corpus and of a fuzz meets the first two layers,
 * each alone and both together, and what they let pass runs on a BigQuery that holds canaries everywhere else.
 * DESK_FUZZ_SEED and DESK_FUZZ_TEXTS choose another fuzz. Source: docs/desk.md, Three layers decide.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, askBigQuery, foreignIn } from '@/dev/testing/desk/asked-bigquery';
import { type Canaries, plantCanaries } from '@/dev/testing/desk/canaries';
import { createWorld, type World } from '@/dev/testing/world';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { deskTables } from '@/lib/domains/desk/catalog/desk-tables';
import { ensureViews } from '@/lib/domains/desk/catalog/ensure-views';
import { checkQuery } from '@/lib/domains/desk/check/check-query';
import { checkText } from '@/lib/domains/desk/check/check-text';
import { fuzzTexts } from '@/lib/domains/desk/check/corpus/fuzz';
import { goodTexts } from '@/lib/domains/desk/check/corpus/good';
import { hostileGroups, hostileTexts } from '@/lib/domains/desk/check/corpus/hostile';
import { type DeskTable, defaultLimit } from '@/lib/domains/desk/rules';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { AppError } from '@/lib/platform/errors';
import { analyzeSql } from '@/lib/platform/sql-analyzer/analyze-sql';

const seed = Number(process.env.DESK_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const fuzzCount = Number(process.env.DESK_FUZZ_TEXTS ?? 3_000);
const minutes = 60_000;

let world: World;
let canaries: Canaries;
let tables: DeskTable[];
const answers = new Map<string, Promise<Answer>>();

/** What a set-up lets run of a text, or the layer that refused it. */
type Verdict = { sql: string } | { layer: string };
const setUps: Record<string, (text: string) => Promise<Verdict>> = {
  'text layer alone': async text => {
    const checked = checkText(text, { tables: tables.map(({ name }) => name), limit: defaultLimit });
    return checked.ok ? { sql: checked.sql } : { layer: 'text' };
  },
  'analyzer alone': async text => {
    const analysis = await analyzeSql({ sql: text, tables });
    return analysis.ok ? { sql: text } : { layer: 'analyzer' };
  },
  'both layers': async text => {
    try {
      return await checkQuery(text, {
        tables: tables.map(({ name }) => name),
        columnsOf: async names => tables.filter(({ name }) => names.includes(name)),
        limit: defaultLimit,
      });
    } catch (error) {
      if (error instanceof AppError && error.code === 'query_refused') return { layer: String(error.details?.layer) };
      throw error;
    }
  },
};

function ask(sql: string): Promise<Answer> {
  const known = answers.get(sql) ?? askBigQuery(sql, deskDatasetOf(world.tenantDatasetId));
  answers.set(sql, known);
  return known;
}

type Tally = { texts: number; accepted: number; ran: number; refusedBy: Record<string, number>; foreign: string[] };

async function prove(texts: readonly string[], verdictOf: (text: string) => Promise<Verdict>): Promise<Tally> {
  const tally: Tally = { texts: texts.length, accepted: 0, ran: 0, refusedBy: {}, foreign: [] };
  const queue = texts.values();
  const takeTurns = async () => {
    for (const text of queue) {
      const verdict = await verdictOf(text);
      if ('layer' in verdict) {
        tally.refusedBy[verdict.layer] = (tally.refusedBy[verdict.layer] ?? 0) + 1;
        continue;
      }
      tally.accepted += 1;
      const started = performance.now();
      const answer = await ask(verdict.sql);
      if (performance.now() - started > 5_000)
        process.stdout.write(`slow: ${JSON.stringify(text)} ${answer.text.slice(0, 100)}\n`);
      if (answer.ran) tally.ran += 1;
      const places = foreignIn(answer, canaries);
      if (places.length > 0) tally.foreign.push(`${places.join(', ')} by ${JSON.stringify(text)}`);
    }
  };
  await Promise.all([takeTurns(), takeTurns(), takeTurns(), takeTurns()]);
  return tally;
}

beforeAll(async () => {
  world = await createWorld();
  await ensureViews(world.system);
  tables = await deskTables(world.system);
  canaries = await plantCanaries(world, await createWorld());
  for (const [id, status] of Object.entries({ run_1: 'COMPLETED', run_2: 'FAILED' }))
    await runStatement({
      name: 'test/own-rows',
      sql: `INSERT INTO \`${world.tenantDatasetId}.pipeline_runs\` (pipeline_logging_id, pipeline_id, tenant_id, status, trigger_type, trigger_by, start_time)
            VALUES ('${id}', 'daily', '${world.customerId}', '${status}', 'api', 'ada@example.com', CURRENT_TIMESTAMP())`,
    });
}, 2 * minutes);
afterAll(async () => {
  await canaries?.remove();
  for (const dataset of [world.tenantDatasetId, `${world.tenantDatasetId}_desk`, `${world.tenantDatasetId}_agent`])
    await bigqueryRequest(bigquery(), {
      method: 'DELETE',
      uri: `/datasets/${dataset}`,
      qs: { deleteContents: true },
    }).catch(() => {});
});

test(
  'the canaries are found: without a layer many hostile texts read foreign bytes',
  async () => {
    const plain = /^SELECT \* FROM |^SELECT x\.\* FROM|^SELECT COUNT|read_csv|read_text/;
    const reading = ['spelled names', 'every dataset', 'files and engines', 'misread literals'];
    const selects = hostileGroups
      .filter(({ name }) => reading.includes(name))
      .flatMap(group => group.texts(canaries.targets).filter(text => /^SELECT[^;]*$/.test(text)))
      .filter(text => plain.test(text) && !/_scan|st_read|delta|iceberg/.test(text));
    const found = new Map<string, number>();
    for (const text of selects)
      for (const place of foreignIn(await ask(text), canaries)) found.set(place, (found.get(place) ?? 0) + 1);
    process.stdout.write(`without a layer, answers with foreign bytes: ${JSON.stringify(Object.fromEntries(found))}\n`);
    expect([...found.keys()]).toEqual(expect.arrayContaining(['file', ...canaries.targets.foreign]));
  },
  5 * minutes,
);

test.each(Object.entries(setUps))(
  '%s: no text of corpus and fuzz reads a foreign byte',
  async (name, verdictOf) => {
    const corpora = {
      good: goodTexts,
      hostile: hostileTexts(canaries.targets),
      [`fuzz (seed ${seed})`]: fuzzTexts({ seed, count: fuzzCount, targets: canaries.targets }),
    };
    const foreign: string[] = [];
    for (const [corpus, texts] of Object.entries(corpora)) {
      const tally = await prove(texts, verdictOf);
      const { accepted, ran, refusedBy } = tally;
      process.stdout.write(
        `${name}, ${corpus}: ${tally.texts} texts, ${accepted} accepted, ${ran} ran, refused by ${JSON.stringify(refusedBy)}, ${tally.foreign.length} foreign\n`,
      );
      foreign.push(...tally.foreign);
      if (corpus === 'good') expect(accepted).toBe(texts.length);
    }
    expect(foreign).toEqual([]);
  },
  15 * minutes,
);
