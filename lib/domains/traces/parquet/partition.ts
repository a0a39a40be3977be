/** Folders of the Parquet files: `repo=<slug>/date=<day>`, as Hive names them, so that every tool reads them. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { env } from '@/lib/platform/env';

/** What a file of the cache holds: a repository and a UTC day. */
export type Partition = { repoSlug: string | null; eventDate: string };

/** The first and the last of rows' days, as YYYY-MM-DD; they bound what a MERGE of the rows reads. */
export type Days = { lo: string; hi: string };

/** Bytes that a folder's name may have, less than the 255 of common file systems. */
const nameBytes = 200;
/** Stands for no repository; a slug of that name is encoded. */
const noRepository = '__none__';

/** A slug as part of a folder's name: letters, digits, dot, dash and underscore; a long one keeps its start and a hash. */
function encodedSlug(slug: string | null): string {
  if (slug === null) return noRepository;
  const encoded = encodeURIComponent(slug.toWellFormed())
    .replace(/[!'()*~]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^_/, '%5F');
  if (encoded.length <= nameBytes) return encoded;
  const start = encoded.slice(0, nameBytes - 41).replace(/%.?$/, '');
  return `${start}-${createHash('sha1').update(slug.toWellFormed()).digest('hex')}`;
}

/** The partition's folder within its dataset's: `repo=acme%2Fshop/date=2026-10-12`. */
export const partitionFolder = ({ repoSlug, eventDate }: Partition): string =>
  `repo=${encodedSlug(repoSlug)}/date=${eventDate}`;

/** The one file of a partition. */
export const partitionFile = 'traces.parquet';

/** Folder of a dataset's Parquet files. */
export const datasetFolder = (dataset: string): string => join(env().TRACE_PARQUET_DIR, dataset);
