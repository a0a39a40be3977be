/** A bucket takes a file once, whole, and gives back what was written. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CRC32C, Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type StorageDouble, startStorageDouble } from '@/dev/doubles/storage/start-double';
import { putArchive, readArchive } from '@/lib/platform/files/archive-store';

let double: StorageDouble;
let storage: Storage;
let folder: string;
beforeAll(async () => {
  double = await startStorageDouble();
  storage = new Storage({ apiEndpoint: double.url, projectId: 'test', retryOptions: { autoRetry: false } });
  folder = await mkdtemp(join(tmpdir(), 'archive-store-'));
});
afterAll(async () => {
  await double.stop();
  await rm(folder, { recursive: true });
});

async function fileOf(text: string): Promise<string> {
  const file = join(folder, 'sent');
  await writeFile(file, text);
  return file;
}

test('a bucket takes a file once, gives it back, and never overwrites it', async () => {
  const location = await putArchive('gs://logs/audit/', 'a b.gz', await fileOf('content'), storage);
  expect(location).toBe('gs://logs/audit/a b.gz');
  expect([...double.objects.keys()]).toEqual(['logs/audit/a b.gz']);
  expect(String(await buffer(await readArchive(location, storage)))).toBe('content');
  await expect(putArchive('gs://logs/audit', 'a b.gz', await fileOf('other'), storage)).rejects.toMatchObject({
    code: 412,
  });
  expect(String(await buffer(await readArchive(location, storage)))).toBe('content');
});

test('what is not there is refused before anything is read', async () => {
  await expect(readArchive('gs://logs/audit/none', storage)).rejects.toMatchObject({ code: 404 });
});

test('bytes that arrive unlike the checksum sent with them are not stored', async () => {
  const wrong = new CRC32C();
  wrong.update(Buffer.from('something else'));
  vi.spyOn(CRC32C, 'fromFile').mockResolvedValueOnce(wrong);
  await expect(putArchive('gs://logs', 'damaged', await fileOf('content'), storage)).rejects.toThrow(/CRC32C/);
  expect(double.objects.has('logs/damaged')).toBe(false);
});

test('a stored file that has changed since fails while it is read', async () => {
  const location = await putArchive('gs://logs', 'aging', await fileOf('content'), storage);
  const stored = double.objects.get('logs/aging');
  if (stored) stored.bytes = Buffer.from('CONTENT');
  await expect(readArchive(location, storage).then(buffer)).rejects.toMatchObject({
    code: 'CONTENT_DOWNLOAD_MISMATCH',
  });
});

test('a folder takes a file once too', async () => {
  const base = `file://${folder}/store`;
  const location = await putArchive(base, 'one', await fileOf('content'));
  await expect(putArchive(base, 'one', await fileOf('other'))).rejects.toMatchObject({ code: 'EEXIST' });
  expect(String(await buffer(await readArchive(location)))).toBe('content');
  await expect(readArchive(`${base}/none`)).rejects.toMatchObject({ code: 'ENOENT' });
});
