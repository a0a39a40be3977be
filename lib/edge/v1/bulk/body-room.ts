/** How many bytes of large bodies (traces, the agent log) a process holds at once, of one key and of all: they may come slowly. */
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

const mebibyte = 1_048_576;
const most = { process: 160 * mebibyte, key: 64 * mebibyte };

const held = () => processWide('bulk-bodies', () => ({ bytes: 0, byKey: new Map<string, number>() }));

export type Room = {
  /** Counts bytes as held. Throws AppError slow_down where there is no room for them. */
  take: (bytes: number) => void;
  /** Gives back all that was taken. */
  free: () => void;
};

/** Room for the body of one request of a key. */
export function roomOf(keyId: string): Room {
  let taken = 0;
  return {
    take: bytes => {
      const all = held();
      const ofKey = all.byKey.get(keyId) ?? 0;
      if (all.bytes + bytes > most.process || ofKey + bytes > most.key)
        throw new AppError('slow_down', 'Too much is on its way at once. Send this again.', {
          retryAfterSeconds: 1,
        });
      taken += bytes;
      all.bytes += bytes;
      all.byKey.set(keyId, ofKey + bytes);
    },
    free: () => {
      const all = held();
      const left = (all.byKey.get(keyId) ?? 0) - taken;
      all.bytes -= taken;
      if (left > 0) all.byKey.set(keyId, left);
      else all.byKey.delete(keyId);
      taken = 0;
    },
  };
}
