/** Where lines are read from: a file, an object of Cloud Storage, or the standard input; packed ones are unpacked by their name. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { createGunzip } from 'node:zlib';
import type { File } from '@google-cloud/storage';

export type TextSource = {
  /** Absolute path or gs:// address; `-` for the standard input, of which nothing is noted. */
  location: string;
  /** Bytes as they are stored, for progress; null where nobody knows. */
  storedBytes: number | null;
  /** Tells the content apart from another under the same name; see continues. */
  fingerprint: () => Promise<string>;
  /** The text from a byte of it on, each piece valid until the next is asked for. `onStored` is told the bytes that were read, packed as they are. */
  read: (textOffset: number, onStored: (bytes: number) => void) => Promise<AsyncIterable<Uint8Array>>;
};

const headBytes = 65_536;
const chunkBytes = 1_048_576;
const pieceBytes = 262_144;

function unpacking(name: string): Transform | null {
  if (/\.gz$/i.test(name)) return createGunzip({ chunkSize: chunkBytes });
  if (!/\.zst$/i.test(name)) return null;
  if (typeof zlib.createZstdDecompress !== 'function')
    throw new Error(`${name}: reading .zst needs Node 22.15 or later.`);
  return zlib.createZstdDecompress({ chunkSize: chunkBytes });
}

async function* counted(stored: AsyncIterable<Uint8Array>, onStored: (bytes: number) => void) {
  for await (const chunk of stored) {
    onStored(chunk.byteLength);
    yield chunk;
  }
}

async function* without(text: AsyncIterable<Uint8Array>, bytes: number) {
  let left = bytes;
  for await (const chunk of text) {
    if (left < chunk.byteLength) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}

/** Text of a stream from an offset on; a plain one is opened there, a packed one unpacked and passed over. Pieces may share memory. */
function textOf(
  name: string,
  openAt: (offset: number) => AsyncIterable<Uint8Array>,
  textOffset: number,
  onStored: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  const unpack = unpacking(name);
  if (!unpack) {
    onStored(textOffset);
    return counted(openAt(textOffset), onStored);
  }
  // The error reaches the reader by the last stream.
  pipeline(Readable.from(counted(openAt(0), onStored)), unpack, () => undefined);
  return without(unpack, textOffset);
}

/** A file from a byte of it on, read into one memory: a new one for each piece would wake the collector each time. */
async function* piecesOfFile(path: string, start: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  const memory = Buffer.allocUnsafeSlow(pieceBytes);
  try {
    for (let at = start; ; ) {
      const { bytesRead } = await file.read(memory, 0, memory.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

const hashOf = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');

async function headOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** `head:<bytes>:<hash>:<size>` */
async function fileFingerprint(path: string, size: number): Promise<string> {
  const head = await headOf(path, Math.min(headBytes, size));
  return `head:${head.length}:${hashOf(head)}:${size}`;
}

/** Whether a source is the one that was noted, as it was or longer. */
export async function continues(source: TextSource, noted: string): Promise<boolean> {
  if ((await source.fingerprint()) === noted) return true;
  const [kind, bytes, hash, size] = noted.split(':');
  if (kind !== 'head' || (source.storedBytes ?? 0) < Number(size)) return false;
  return hashOf(await headOf(source.location, Number(bytes))) === hash;
}

/** A file of this machine; `path` is absolute. */
export const fileSource = (path: string, size: number): TextSource => ({
  location: path,
  storedBytes: size,
  fingerprint: () => fileFingerprint(path, size),
  read: async (textOffset, onStored) => {
    const isPacked = unpacking(path) !== null;
    const openAt = (start: number) =>
      isPacked ? createReadStream(path, { highWaterMark: chunkBytes }) : piecesOfFile(path, start);
    return textOf(path, openAt, textOffset, onStored);
  },
});

/** An object of Cloud Storage, read in the generation that was found. */
export function objectSource(object: File): TextSource {
  const { generation, size } = object.metadata;
  return {
    location: `gs://${object.bucket.name}/${object.name}`,
    storedBytes: size === undefined ? null : Number(size),
    fingerprint: async () => `generation:${generation}`,
    read: async (textOffset, onStored) => {
      const from = (start: number) => object.createReadStream({ start, decompress: false, validation: false });
      const isPacked = unpacking(object.name) !== null;
      return textOf(
        object.name,
        isPacked ? () => object.createReadStream({ decompress: false }) : from,
        textOffset,
        onStored,
      );
    },
  };
}

/** The standard input, or another stream that is read once. */
export const streamSource = (stream: Readable): TextSource => ({
  location: '-',
  storedBytes: null,
  fingerprint: async () => '',
  read: async (_from, onStored) => counted(stream, onStored),
});
