import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { microsOfSeconds, microsOfText, timestampText } from '@/lib/domains/traces/normalize/instant';

/** Random instants of 1970 to 2106: as float seconds, as texts in other zones, and their normal form, all by Python. */
const program = `
import json, random, sys
from datetime import datetime, timedelta, timezone
random.seed(int(sys.argv[1]))
last = 4323455999
for _ in range(int(sys.argv[2])):
    digits = random.choice([0, 1, 3, 6, 7, 9, 15])
    seconds = random.choice([round(random.random() * last, digits), random.randint(0, last * 2) / 2, random.randint(0, 10**7) + random.randint(0, 2**21) / 2**21])
    zone = timezone(timedelta(minutes=random.randint(-12 * 60, 14 * 60)))
    moment = datetime.fromtimestamp(seconds, tz=timezone.utc)
    print(json.dumps([seconds, moment.astimezone(zone).isoformat(), moment.isoformat()]))
`;

test('10,000 random times have the text that Python gives them, from float seconds and from other zones', () => {
  const seed = randomInt(2 ** 31);
  console.log(`seed of the times: ${seed}`);
  const output = execFileSync('python3', ['-c', program, `${seed}`, '10000'], {
    encoding: 'utf8',
    maxBuffer: 16 * 1_048_576,
  });
  const times = output
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as [number, string, string]);
  expect(times).toHaveLength(10_000);
  const wrong = times.filter(
    ([seconds, elsewhere, text]) =>
      timestampText(microsOfSeconds(seconds)) !== text || timestampText(microsOfText(elsewhere) ?? 0) !== text,
  );
  expect(wrong.slice(0, 3)).toEqual([]);
});
