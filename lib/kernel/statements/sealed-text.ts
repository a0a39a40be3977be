/** Statements that stay readable and cannot be made or changed by who can only write to Postgres: Cloud KMS seals their hash for their row. */
import { createHash } from 'node:crypto';
import { open, type SealedPlace, seal } from '@/lib/kernel/sealing';
import { AppError } from '@/lib/platform/errors';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Seals a text for one place. Calls KMS, so do it before a transaction opens; throws AppError key_service_unavailable. */
export const sealText = (text: string, place: SealedPlace): Promise<Buffer> => seal(digest(text), place);

/** gRPC's INVALID_ARGUMENT: Cloud KMS says so of a wrapped key that belongs to another place, as of any that is damaged. */
const refusedByKms = (error: AppError): boolean => (error.cause as { code?: unknown } | undefined)?.code === 3;

/** Whether exactly this text was sealed for this place. Throws AppError key_service_unavailable. */
export async function fitsSeal(text: string, sealed: Buffer, place: SealedPlace): Promise<boolean> {
  const opened = await open(sealed, place).catch((error: unknown) => {
    if (error instanceof AppError && !refusedByKms(error)) throw error;
    return null;
  });
  return opened?.equals(digest(text)) ?? false;
}
