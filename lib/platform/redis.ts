/** The Redis (or Valkey) that processes share where REDIS_URL names one; nothing waits for it longer than a moment. */
import { Redis } from 'ioredis';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { forgetProcessWide, processWide } from '@/lib/platform/process-wide';

/** Longest wait for an answer; whoever asks then goes on without. */
const commandTimeoutMs = 250;
/** How long Redis is left alone once it did not answer: a hung one would else delay every request. */
const restMs = 5_000;

type Connection = { redis: Redis; restsUntilMs: number; reported: boolean };

function connect(url: string): Connection {
  const redis = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2_000,
    maxRetriesPerRequest: 0,
    // What cannot be sent now is not sent late: the caller has long gone on without.
    enableOfflineQueue: false,
    retryStrategy: attempts => Math.min(200 * attempts, restMs),
    connectionName: `tenantry-${process.pid}`,
  });
  const connection: Connection = { redis, restsUntilMs: 0, reported: false };
  redis.on('error', error => report(connection, error));
  redis.on('ready', () => {
    if (connection.reported) log().info('Redis answers again');
    connection.reported = false;
  });
  return connection;
}

/** One line an outage, not one a request. */
function report(connection: Connection, error: unknown): void {
  if (connection.reported) return;
  connection.reported = true;
  log().warn({ reason: (error as Error).message }, 'Redis does not answer; limits are kept in this process meanwhile');
}

const connection = (): Connection | null => {
  const { REDIS_URL } = env();
  return REDIS_URL ? processWide('redis', () => connect(REDIS_URL)) : null;
};

/** The connection; null without REDIS_URL. It connects by itself, and again after an outage. */
export const sharedRedis = (): Redis | null => connection()?.redis ?? null;

/** Whether Redis may be asked now: it is there, and did not leave the last question unanswered. */
export function redisIsReady(): boolean {
  const known = connection();
  return known !== null && known.redis.status === 'ready' && Date.now() >= known.restsUntilMs;
}

/** Notes that Redis did not answer: for some seconds `redisIsReady` is false. */
export function noteRedisFailure(error: unknown): void {
  const known = connection();
  if (!known) return;
  known.restsUntilMs = Date.now() + restMs;
  report(known, error);
}

/** Ends the connection; part of a drain. */
export async function closeRedis(): Promise<void> {
  if (!env().REDIS_URL) return;
  connection()?.redis.disconnect();
  forgetProcessWide('redis');
}
