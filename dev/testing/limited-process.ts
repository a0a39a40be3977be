/** A process for the tests that makes 25 requests under one limit and says how many were let through: `<rule as JSON> <caller>`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { consume, type LimitRule } from '@/lib/kernel/limits';
import { redisIsReady, sharedRedis } from '@/lib/platform/redis';

const [rule = '', caller = ''] = process.argv.slice(2);
sharedRedis();
while (!redisIsReady()) await sleep(5);
let allowed = 0;
for (let i = 0; i < 25; i++) if ((await consume(JSON.parse(rule) as LimitRule, caller)).allowed) allowed += 1;
process.stdout.write(String(allowed), () => process.exit(0));
