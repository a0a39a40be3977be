import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followLogs, readable } from '@/dev/stack/log-lines';

test('new lines of every process come behind its name, old ones and unfinished ones do not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'logs-'));
  try {
    writeFileSync(join(folder, 'worker.log'), 'of an earlier run\n');
    const lines: string[] = [];
    const end = followLogs(folder, line => lines.push(line));
    appendFileSync(join(folder, 'worker.log'), 'one\ntwo\nhalf');
    writeFileSync(join(folder, 'portal.log'), 'ready\n');
    writeFileSync(join(folder, 'postgres.log'), 'a statement\n');
    end();
    expect(lines).toEqual(['portal      │ ready', 'worker      │ one', 'worker      │ two']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('our own JSON lines are read as level, message and what else they carry', () => {
  expect(readable('{"level":40,"time":1,"pid":2,"hostname":"h","name":"a.job","msg":"slow"}')).toBe(
    'warn  slow {"name":"a.job"}',
  );
  for (const line of ['plain', '{"not":"ours"}', '{cut off']) expect(readable(line)).toBe(line);
});
