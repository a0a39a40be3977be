/** What an import is told to read: a file, `-`, a folder with all below it, or objects of a bucket, each in order of their names. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Storage } from '@google-cloud/storage';
import { fileSource, objectSource, streamSource, type TextSource } from '@/lib/domains/traces/files/text-source';
import { cloudStorage } from '@/lib/platform/files/archive-store';

/** Files of a folder that are taken for lines of JSON. */
const readable = /\.(jsonl|ndjson|json)(\.(gz|zst))?$/i;

async function folderSources(folder: string): Promise<TextSource[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter(entry => entry.isFile() && readable.test(entry.name));
  const sorted = paths.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Promise.all(sorted.map(async path => fileSource(path, (await stat(path)).size)));
}

async function objectSources(address: string, storage?: Storage): Promise<TextSource[]> {
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/?(.*)$/.exec(address) ?? [];
  const inFolder = name === '' || name.endsWith('/') || name.endsWith('*');
  const [files] = await (storage ?? (await cloudStorage()))
    .bucket(bucket)
    .getFiles({ prefix: name.replace(/\*$/, '') });
  const found = files.filter(file => (inFolder ? readable.test(file.name) : file.name === name));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1)).map(objectSource);
}

/**
 * The sources an address stands for: `-`, a path, or gs://bucket/object, gs://bucket/folder/ or gs://bucket/prefix*. Throws a sentence
 * where there is none. `storage` is another Cloud Storage than the service, for tests.
 */
export async function findSources(address: string, storage?: Storage): Promise<TextSource[]> {
  if (address === '-') return [streamSource(process.stdin)];
  if (address.startsWith('gs://')) {
    const found = await objectSources(address, storage);
    if (found.length === 0) throw new Error(`${address}: there is no such object.`);
    return found;
  }
  const path = resolve(address);
  const info = await stat(path).catch(() => null);
  if (!info) throw new Error(`${path}: there is no such file or folder.`);
  if (!info.isDirectory()) return [fileSource(path, info.size)];
  const found = await folderSources(path);
  if (found.length === 0) throw new Error(`${path}: the folder has no .jsonl, .ndjson or .json file, packed or not.`);
  return found;
}
