import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { type HashedColumns, traceHash } from '@/lib/domains/traces/normalize/trace-hash';

/** The document's own code over random records: every Unicode plane, half surrogates, control characters, all shapes of floats, nulls. */
const program = `
import hashlib, json, random, struct, sys
random.seed(int(sys.argv[1]))
whole = [0, 1, 15, 1e15, 1e16, 123456789012345680.0, 2.0**53, -0.0, 1e22, 1e21, 5e-324, 1.7976931348623157e308]
part = [1e-7, 1e-5, 1e-4, 0.1, 1234.5, 0.30000000000000004, 9999999999999998.0, 1e-10, 1.5e300]
def sign():
    kind = random.random()
    if kind < 0.4: return chr(random.randint(0x20, 0x7e))
    if kind < 0.5: return chr(random.randint(0, 0x1f))
    if kind < 0.6: return random.choice('"\\\\/\\x7f\\x80\\u2028\\u2029\\ufeff\\uffff')
    if kind < 0.65: return chr(random.randint(0xd800, 0xdfff))
    return chr(random.randint(0, 16) * 0x10000 + random.randint(0, 0xffff))
def text():
    kind = random.random()
    if kind < 0.15: return None
    if kind < 0.3: return random.choice(['dev@example.com', 'openai/gpt-4o', 'owner/repo', '', 'null'])
    return ''.join(sign() for _ in range(random.randint(0, 30)))
def number():
    kind = random.random()
    if kind < 0.2: return float(random.choice(whole))
    if kind < 0.4: return random.choice(part)
    if kind < 0.6: return float(random.randint(0, 10**random.randint(1, 18)))
    if kind < 0.8: return random.random() * 10**random.randint(-12, 25)
    value = struct.unpack('<d', random.getrandbits(64).to_bytes(8, 'little'))[0]
    return value if value - value == 0 else 0.5
for _ in range(int(sys.argv[2])):
    record = {'session_id': text(), 'developer_id': text(), 'timestamp': text() or '', 'model': text(),
        'tokens_in': random.randint(0, 2**random.randint(0, 53) - 1), 'tokens_out': random.randint(0, 10**6),
        'latency_ms': number(), 'status_code': random.choice([None, 200, 429, 500]),
        'accepted_flag': random.choice([True, False]), 'repo_slug': text(), 'event_date': '2025-10-12'}
    payload = {'session_id': record['session_id'], 'developer_id': record['developer_id'], 'timestamp': record['timestamp'],
        'model': record['model'], 'tokens_in': int(record['tokens_in']), 'tokens_out': int(record['tokens_out']),
        'latency_ms': float(record['latency_ms']), 'status_code': record['status_code'],
        'accepted_flag': 1 if record['accepted_flag'] else 0, 'repo_slug': record['repo_slug'], 'event_date': record['event_date']}
    digest = hashlib.sha1(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    print(json.dumps([digest, payload]))
`;

type Vector = [digest: string, payload: HashedColumns];

test('10,000 random records have the hashes that Python gives them', () => {
  const seed = randomInt(2 ** 31);
  console.log(`seed of the records: ${seed}`);
  const output = execFileSync('python3', ['-c', program, `${seed}`, '10000'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
  });
  const vectors = output
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Vector);
  expect(vectors).toHaveLength(10_000);
  expect(vectors.filter(([digest, payload]) => traceHash(payload) !== digest).slice(0, 3)).toEqual([]);
});
