/** A body as text only if it is UTF-8 byte for byte: what is decoded loosely is not what was signed. */
import { AppError } from '@/lib/platform/errors';

/** Throws AppError bad_request. */
export function exactText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not UTF-8.', { cause });
  }
}
