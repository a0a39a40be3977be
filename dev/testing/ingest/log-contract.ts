/** What every ingest log promises, whatever keeps it: the tests of one that is opened as several processes would open it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomText } from '@/lib/platform/ids';
import type { Entry, IngestLog, NewEntry, Position } from '@/lib/warehouse/ingest/log/log';

export type LogFixture = {
  /** The log as a further process sees it; the fixture closes it after the test. */
  open: () => Promise<IngestLog>;
  /** Notes that the consumer has done everything up to there. */
  settle: (consumer: string, place: Position) => Promise<void>;
  /** From now on it is that much later, for logs of this fixture. */
  passHours: (hours: number) => void;
};

const plenty = { entries: 10_000, bytes: 100_000_000 };
const hourMs = 3_600_000;

const newEntry = (body = randomText(12)): NewEntry => ({ key: 'source', meta: '{"kind":"track"}', body });
const append = (log: IngestLog, bodies: string[]) => Promise.all(bodies.map(body => log.append(newEntry(body))));
const placeText = ({ shard, position }: Position) => `${shard}:${position}`;

/** Follows a shard as a consumer does, until told that nothing more comes. */
async function follow(log: IngestLog, shard: number, after: number, isOver: () => boolean): Promise<Entry[]> {
  const seen: Entry[] = [];
  for (;;) {
    const over = isOver();
    const entries = await log.read(shard, seen.at(-1)?.position ?? after, { entries: 7, bytes: 1_000_000 });
    seen.push(...entries);
    if (entries.length === 0 && over) return seen;
  }
}

/** Defines the tests. The fixture is made before each. */
export function logContract(current: () => LogFixture): void {
  test('an entry is read back as it was appended, with its place and time', async () => {
    const log = await current().open();
    const odd = newEntry('{"a":"back\\\\slash\\ttab\\n","emoji":"😀","empty":""}\r\n\\.\n');
    const place = await log.append(odd);
    const [entry] = await log.read(place.shard, place.position - 1, plenty);
    expect(entry).toEqual({ ...odd, ...place, appendedAt: expect.any(Date) });
    expect(await log.find(place)).toEqual(entry);
    expect(await log.find({ ...place, position: place.position + 1 })).toBeNull();
  });

  test('what was appended first has the lower position, and is read first', async () => {
    const log = await current().open();
    const places = await append(log, ['a', 'b', 'c']);
    const later = await log.append(newEntry('d'));
    const positions = [...places, later].map(({ position }) => position);
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    const read = await log.read(later.shard, (places[0]?.position ?? 0) - 1, plenty);
    expect(read.map(({ body }) => body)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('an appended entry is there for every process once the append has resolved', async () => {
    const [writer, reader] = [await current().open(), await current().open()];
    for (let round = 0; round < 20; round++) {
      const place = await writer.append(newEntry());
      expect((await reader.read(place.shard, place.position - 1, plenty)).at(0)?.position).toBe(place.position);
    }
    expect(await reader.shards()).toContain((await writer.append(newEntry())).shard);
  });

  test('a read keeps its limits, and gives one entry where even that is larger', async () => {
    const log = await current().open();
    const [first, ...others] = await append(log, ['x'.repeat(1_000), 'y'.repeat(1_000), 'z'.repeat(10)]);
    if (!first) throw new Error('nothing was appended');
    const read = (entries: number, bytes: number, after = first.position - 1) =>
      log.read(first.shard, after, { entries, bytes });
    expect(await read(2, 1_000_000)).toHaveLength(2);
    expect(await read(10, 2_040)).toHaveLength(2);
    expect(await read(10, 10)).toHaveLength(1);
    expect(await read(10, 1_000_000)).toHaveLength(3);
    expect(await read(10, 10, others.at(-1)?.position)).toHaveLength(0);
  });

  test('two processes never write to one shard', async () => {
    const logs = await Promise.all(Array.from({ length: 3 }, () => current().open()));
    const places = await Promise.all(logs.map(log => log.append(newEntry())));
    expect(new Set(places.map(({ shard }) => shard)).size).toBe(3);
  });

  test('a shard given up is taken by the next process, behind the last position', async () => {
    const first = await current().open();
    const before = await first.append(newEntry());
    await first.close();
    const after = await (await current().open()).append(newEntry());
    expect(after.shard).toBe(before.shard);
    expect(after.position).toBeGreaterThan(before.position);
  });

  test('a closed log has written what waited, and takes nothing more', async () => {
    const log = await current().open();
    const waiting = append(log, ['a', 'b']);
    await log.close();
    expect(await waiting).toHaveLength(2);
    await expect(log.append(newEntry())).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  test('under load by several processes a reader that follows sees every position once, and none after a later one', async () => {
    const writers = await Promise.all(Array.from({ length: 3 }, () => current().open()));
    const reader = await current().open();
    const starts = await Promise.all(writers.map(log => log.append(newEntry())));
    let over = false;
    const following = starts.map(({ shard, position }) => follow(reader, shard, position, () => over));
    const appended: Position[] = [];
    const caller = async (log: IngestLog) => {
      for (let round = 0; round < 40; round++) {
        appended.push(await log.append(newEntry()));
        if (Math.random() < 0.3) await sleep(Math.random() * 5);
      }
    };
    await Promise.all(writers.flatMap(log => Array.from({ length: 8 }, () => caller(log))));
    over = true;
    const seen = (await Promise.all(following)).flat();
    expect(seen.map(placeText).sort()).toEqual(appended.map(placeText).sort());
    for (const { shard } of starts) {
      const positions = seen.filter(entry => entry.shard === shard).map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((one, other) => one - other));
    }
  }, 30_000);

  test('what every consumer has settled goes once it is old enough, and nothing else', async () => {
    const { open, settle, passHours } = current();
    const [log, other] = [await open(), await open()];
    const [old, oldElsewhere] = [await log.append(newEntry('old')), await other.append(newEntry('old'))];
    passHours(2);
    const recent = await log.append(newEntry('recent'));
    await settle('one', recent);
    await settle('one', oldElsewhere);
    await settle('two', { ...old, position: old.position - 1 });
    await settle('two', oldElsewhere);
    await log.drop(['one', 'two'], 0);
    expect(await log.find(old)).not.toBeNull();
    await settle('two', old);
    await log.drop(['one', 'two', 'three'], 0);
    await log.drop(['one', 'two'], 24 * hourMs);
    expect(await log.find(old)).not.toBeNull();
    expect(await log.drop(['one', 'two'], 0)).toBeGreaterThan(0);
    expect(await log.find(old)).toBeNull();
    expect(await log.find(oldElsewhere)).toBeNull();
    expect(await log.read(recent.shard, 0, plenty)).toMatchObject([{ body: 'recent' }]);
  });

  test('positions go on where they were although everything was dropped and the process is another', async () => {
    const { open, settle, passHours } = current();
    const log = await open();
    const last = await log.append(newEntry());
    await log.close();
    await settle('one', last);
    passHours(3);
    const next = await open();
    await next.drop(['one'], 0);
    expect(await next.find(last)).toBeNull();
    const after = await next.append(newEntry());
    expect(after.shard).toBe(last.shard);
    expect(after.position).toBeGreaterThan(last.position);
  });
}
