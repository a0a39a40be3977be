import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { env } from '@/lib/platform/env';
import {
  AnalyzerAwayError,
  type AnalyzerTable,
  analyzerStanding,
  analyzeSql,
  closeAnalyzer,
} from '@/lib/platform/sql-analyzer/analyze-sql';
import { AnalyzerChild } from '@/lib/platform/sql-analyzer/child';

afterAll(closeAnalyzer);

const table = (name: string, ...columns: string[]): AnalyzerTable => ({
  name,
  columns: columns.map(column => ({ name: column, type: 'INT64', repeated: false })),
});

/** A type that doubles at each level: nobody finishes 2 to the power of 30 of them. */
const doubling = (levels: number, selected = 'x') =>
  `WITH ${['c0 AS (SELECT STRUCT(1 AS a, 2 AS b) AS x)']
    .concat(Array.from({ length: levels }, (_, i) => `c${i + 1} AS (SELECT STRUCT(x AS a, x AS b) AS x FROM c${i})`))
    .join(', ')} SELECT ${selected} FROM c${levels}`;
const endless = doubling(30);

const unfinished = {
  ok: false,
  message: 'The analyzer could not finish this text.',
  line: null,
  column: null,
  cpuMs: 1_000,
};
const works = async () => {
  expect(await analyzeSql({ sql: 'SELECT a FROM t', tables: [table('t', 'a')] })).toMatchObject({ tables: ['t'] });
};

/** Pids of the analyzers that this process started. */
function children(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => {
      try {
        const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
        return parent === process.pid && readlinkSync(`/proc/${pid}/exe`).endsWith('sql-analyzer');
      } catch {
        return false;
      }
    });
}

/** The pid to send a signal to. Without one nothing is sent: 0 would be this test's own group of processes. */
function pidOf(pid: number | undefined): number {
  if (!pid) throw new Error('No analyzer of this process runs.');
  return pid;
}

test('a text that takes too long is not ok after a second of the processor, and the next one is answered by a new process', async () => {
  await works();
  const [before] = children();
  const started = performance.now();
  expect(await analyzeSql({ sql: endless, tables: [] })).toEqual(unfinished);
  const ms = performance.now() - started;
  // A second of the processor is less by the clock where several threads work.
  expect(ms).toBeGreaterThan(300);
  expect(ms).toBeLessThan(15_000);
  await works();
  expect(children()).toHaveLength(1);
  expect(children()[0]).not.toBe(before);
});

test('a process that waits without end for its turn is ended too', async () => {
  const child = await AnalyzerChild.start(env().SQL_ANALYZER ?? '');
  process.kill(pidOf(child.pid), 'SIGSTOP');
  const asked = child.ask({ sql: 'SELECT 1', tables: [] }, { cpuMs: 5_000, ms: 300, rssBytes: 1024 ** 3 });
  await expect(asked).rejects.toThrow('no answer within 300 ms');
});

test('a process that takes more memory than a text may is ended in the middle of it', async () => {
  const child = await AnalyzerChild.start(env().SQL_ANALYZER ?? '');
  const asked = child.ask({ sql: endless, tables: [] }, { cpuMs: 5_000, ms: 20_000, rssBytes: 1024 ** 2 });
  await expect(asked).rejects.toThrow('more than 1048576 bytes of memory');
  expect(child.isGone).toBe(true);
});

test('where the process is killed in the middle of a text, that text is not ok and those behind it are answered', async () => {
  await works();
  // Those of the tests before may be on their way out.
  await vi.waitFor(() => expect(children()).toHaveLength(1), 10_000);
  const pid = pidOf(children()[0]);
  const broken = analyzeSql({ sql: endless, tables: [] });
  const behind = [1, 2, 3].map(n => analyzeSql({ sql: `SELECT ${n} AS n${n}`, tables: [] }));
  await sleep(100);
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  expect(await broken).toEqual(unfinished);
  expect(performance.now() - killedAt).toBeLessThan(1_000);
  const names = (await Promise.all(behind)).map(answer => answer.ok && answer.columns[0]?.name);
  expect(names).toEqual(['n1', 'n2', 'n3']);
});

test('a process that was killed while nobody asked is replaced before the next text', async () => {
  await works();
  process.kill(pidOf(children()[0]), 'SIGKILL');
  await sleep(100);
  await works();
});

test('200 texts of 20 callers at once are answered each to its own', async () => {
  const caller = async (who: number) => {
    for (let turn = 0; turn < 10; turn++) {
      const name = `t_${who}_${turn}`;
      const answer = await analyzeSql({ sql: `SELECT c${turn} FROM ${name}`, tables: [table(name, `c${turn}`)] });
      expect(answer).toMatchObject({ ok: true, tables: [name], columns: [{ name: `c${turn}`, type: 'INT64' }] });
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, who) => caller(who)));
  expect(children()).toHaveLength(1);
});

test('the tables of one question are unknown to the next, and a name is what its own question says', async () => {
  const first = await analyzeSql({ sql: 'SELECT * FROM shared', tables: [table('shared', 'a'), table('own', 'x')] });
  const second = await analyzeSql({ sql: 'SELECT * FROM shared', tables: [table('shared', 'b', 'c')] });
  const third = await analyzeSql({ sql: 'SELECT x FROM own', tables: [table('shared', 'b')] });
  expect(first).toMatchObject({ columns: [{ name: 'a' }] });
  expect(second).toMatchObject({ columns: [{ name: 'b' }, { name: 'c' }] });
  expect(third).toMatchObject({ ok: false, message: 'Table not found: own', line: 1, column: 15 });
});

test('the answer says how long the processor worked on the text, and not on those before it', async () => {
  await works();
  const [short, long, behind] = await Promise.all(
    ['SELECT 1', doubling(15), 'SELECT 2'].map(sql => analyzeSql({ sql, tables: [] })),
  );
  expect(long).toMatchObject({ ok: true });
  expect(long?.cpuMs).toBeGreaterThan(50);
  for (const one of [short, behind]) expect(one?.cpuMs).toBeLessThan(50);
});

test('more than 100 texts at once are too many for one process, and those that wait are answered', async () => {
  const asked = Array.from({ length: 130 }, () => analyzeSql({ sql: 'SELECT 1', tables: [] }));
  const answers = await Promise.allSettled(asked);
  expect(answers.filter(answer => answer.status === 'fulfilled')).toHaveLength(100);
  for (const answer of answers.slice(100)) expect(answer).toMatchObject({ reason: expect.any(AnalyzerAwayError) });
});

test('a text that is too long is refused in words', async () => {
  expect(await analyzeSql({ sql: `SELECT '${'x'.repeat(70_000)}'`, tables: [] })).toMatchObject({
    ok: false,
    message: expect.stringContaining('longer than 65536 bytes'),
  });
});

test.each([
  ["SELECT 'wasm trap' + 1", 'Could not cast literal "wasm trap" to type DATE'],
  ["SELECT 'wasm trap: x.cc:1 RET_CHECK' + 1", 'Could not cast literal "wasm trap: x.cc:1 RET_CHECK" to type DATE'],
  ['SELECT RET_CHECK FROM t', 'Unrecognized name: RET_CHECK'],
  ['SELECT `a.cc:1` FROM t', 'Unrecognized name: `a.cc:1`'],
  ['SELECT `wasm trap: `(1)', 'Function not found: `wasm trap: `'],
])(
  'the words of its own faults in %j are the text’s, which is refused like any, by the same process',
  async (sql, message) => {
    await works();
    const before = children();
    expect(await analyzeSql({ sql, tables: [table('t', 'a')] })).toMatchObject({ message, line: 1, column: 8 });
    expect(children()).toEqual(before);
  },
);

test('a result type and a message that would fill a page are cut', async () => {
  const typed = await analyzeSql({ sql: doubling(10), tables: [] });
  const added = await analyzeSql({ sql: doubling(10, 'x + 1'), tables: [] });
  expect(typed).toMatchObject({ ok: true, columns: [{ type: expect.stringMatching(/^STRUCT<.{993}…$/) }] });
  expect(added).toMatchObject({ ok: false, line: 1, message: expect.stringMatching(/^No matching .*…$/) });
});

test('a type that BigQuery does not have is a fault of ours, not of the text', async () => {
  const odd = { name: 't', columns: [{ name: 'a', type: 'INT6', repeated: false }] };
  await expect(analyzeSql({ sql: 'SELECT a FROM t', tables: [odd] })).rejects.toThrow('t.a: unknown type INT6');
});

test('it is ended by a drain, and started again by the next text', async () => {
  await works();
  expect(await analyzerStanding()).toEqual({ ok: true, message: 'runs' });
  closeAnalyzer();
  await expect.poll(children).toEqual([]);
  expect(await analyzerStanding()).toEqual({ ok: true, message: 'starts with the first query' });
  await works();
});
