/** Files that must outlive the database: a folder, or a bucket of Cloud Storage. Written once, never changed. */
import { createReadStream, openAsBlob } from 'node:fs';
import { constants, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { GoogleAuth } from 'google-auth-library';

const storageUrl = 'https://storage.googleapis.com';
const scope = 'https://www.googleapis.com/auth/devstorage.read_write';
const timeoutMs = 600_000;

const token = async (): Promise<string> => {
  const found = await new GoogleAuth({ scopes: [scope] }).getAccessToken();
  if (!found) throw new Error('There are no credentials for Cloud Storage.');
  return found;
};

/** Where requests go and who asks; the defaults are the service's, a test names its own. */
export type StorageAccess = { url: string; token: () => Promise<string> };
const service: StorageAccess = { url: storageUrl, token };

const partsOf = (location: string): { bucket: string; object: string } => {
  const { hostname, pathname } = new URL(location);
  return { bucket: hostname, object: decodeURIComponent(pathname.slice(1)) };
};

async function putObject(location: string, file: string, access: StorageAccess): Promise<void> {
  const { bucket, object } = partsOf(location);
  const query = new URLSearchParams({ uploadType: 'media', name: object, ifGenerationMatch: '0' });
  const answer = await fetch(`${access.url}/upload/storage/v1/b/${bucket}/o?${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await access.token()}`,
      'content-type': 'application/gzip',
    },
    body: await openAsBlob(file),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!answer.ok)
    throw new Error(`Cloud Storage refused ${location}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** Stores a file under `<base>/<name>` and answers its address. Throws where that address is taken or cannot be written. */
export async function putArchive(
  base: string,
  name: string,
  file: string,
  access: StorageAccess = service,
): Promise<string> {
  const location = `${base.replace(/\/+$/, '')}/${name}`;
  if (location.startsWith('gs://')) {
    await putObject(location, file, access);
    return location;
  }
  const path = fileURLToPath(location);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(file, path, constants.COPYFILE_EXCL);
  return location;
}

/** The bytes of a stored file. Throws where it is gone. */
export async function readArchive(location: string, access: StorageAccess = service): Promise<Readable> {
  if (!location.startsWith('gs://')) {
    const path = fileURLToPath(location);
    await stat(path);
    return createReadStream(path);
  }
  const { bucket, object } = partsOf(location);
  const answer = await fetch(`${access.url}/storage/v1/b/${bucket}/o/${encodeURIComponent(object)}?alt=media`, {
    headers: { authorization: `Bearer ${await access.token()}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!answer.ok || !answer.body) throw new Error(`Cloud Storage has no ${location}: ${answer.status}`);
  return Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream);
}
