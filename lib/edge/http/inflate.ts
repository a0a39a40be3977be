/** Decompresses bodies, bounded while it does, so that a small body cannot become a great one. */
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { AppError } from '@/lib/platform/errors';

const ways = { gzip: promisify(gunzip), deflate: promisify(inflate) };
export type Compression = keyof typeof ways;

/** The bytes of a compressed body. Throws AppError body_too_large beyond `maxBytes`, invalid_json for what is not compressed so. */
export async function inflated(bytes: Buffer, by: Compression, maxBytes: number): Promise<Buffer> {
  try {
    return await ways[by](bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new AppError('body_too_large', `The body is over ${maxBytes} bytes.`);
    throw new AppError('invalid_json', `The body is not ${by}.`, { cause: error });
  }
}
