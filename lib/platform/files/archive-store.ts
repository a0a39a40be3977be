/** Files that must outlive the database: a folder, or a bucket of Cloud Storage. Written once, never changed. */
import { createReadStream } from 'node:fs';
import { constants, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { File, Storage } from '@google-cloud/storage';
import { env } from '@/lib/platform/env';
import { processWide } from '@/lib/platform/process-wide';

const timeoutMs = 600_000;

/** Loaded where it is needed, because most installations' processes start without a bucket. */
const client = () => import('@google-cloud/storage');

/** The service's Cloud Storage. */
export const cloudStorage = (): Promise<Storage> =>
  processWide('cloud-storage', async () => {
    const { Storage } = await client();
    return new Storage({ projectId: env().GOOGLE_CLOUD_PROJECT, timeout: timeoutMs });
  });

function objectAt(location: string, storage: Storage): File {
  const { hostname, pathname } = new URL(location);
  return storage.bucket(hostname).file(decodeURIComponent(pathname.slice(1)));
}

const contentTypeOf = (file: string): string =>
  file.endsWith('.parquet') ? 'application/vnd.apache.parquet' : 'application/gzip';

/** Cloud Storage refuses the upload where the name is taken, or where other bytes arrive than the checksum says. */
async function putObject(location: string, file: string, storage: Storage): Promise<void> {
  const object = objectAt(location, storage);
  const checksum = await (await client()).CRC32C.fromFile(file);
  await object.bucket.upload(file, {
    destination: object,
    preconditionOpts: { ifGenerationMatch: 0 },
    metadata: { contentType: contentTypeOf(file), crc32c: checksum.toString() },
  });
}

/**
 * Stores a file under `<base>/<name>` and answers its address. Throws where that address is taken or cannot be written.
 * `storage` is another Cloud Storage than the service, for tests.
 */
export async function putArchive(base: string, name: string, file: string, storage?: Storage): Promise<string> {
  const location = `${base.replace(/\/+$/, '')}/${name}`;
  if (location.startsWith('gs://')) {
    await putObject(location, file, storage ?? (await cloudStorage()));
    return location;
  }
  const path = fileURLToPath(location);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(file, path, constants.COPYFILE_EXCL);
  return location;
}

/** The bytes of a stored file; from a bucket the stream fails where they do not fit their checksum. Throws where it is gone. */
export async function readArchive(location: string, storage?: Storage): Promise<Readable> {
  if (!location.startsWith('gs://')) {
    const path = fileURLToPath(location);
    await stat(path);
    return createReadStream(path);
  }
  const object = objectAt(location, storage ?? (await cloudStorage()));
  await object.getMetadata();
  // The files are compressed; what is read must be what was written.
  return object.createReadStream({ decompress: false, validation: 'crc32c' });
}
