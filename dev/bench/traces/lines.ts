/** Lines of AI traces as a team's tools write them, about 500 bytes each, in the order of time; some are sent twice. */
import { closeSync, openSync, writeSync } from 'node:fs';

const models = [
  'anthropic/claude-3-opus',
  'anthropic/claude-sonnet-4-20250514',
  'openai/gpt-4o',
  'openai/gpt-4o-mini',
  'gemini/gemini-2.5-pro',
];
const teams = ['search', 'payments', 'platform', 'mobile'];
const tools = ['edit a file', 'explain a failing test', 'write a migration', 'review a pull request'];

/** Small, fast and the same each time (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type LineOptions = {
  lines: number;
  seed?: number;
  /** Share of lines that repeat one before. */
  repeats?: number;
  /** First of the times, in ms; the others follow it over `days`. */
  fromMs: number;
  days: number;
};

/** The lines one by one, each with its end. */
export function* traceLines({ lines, seed = 1, repeats = 0.05, fromMs, days }: LineOptions): Generator<string> {
  const random = randomOf(seed);
  const below = (count: number) => Math.floor(random() * count);
  const of = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  let last = '';
  for (let index = 0; index < lines; index++) {
    if (last !== '' && random() < repeats) {
      yield last;
      continue;
    }
    const tokensIn = 200 + below(30_000);
    const tokensOut = 20 + below(2_000);
    const at = new Date(fromMs + Math.floor((index / lines) * days * 86_400_000));
    const id = Math.floor(random() * 2 ** 52)
      .toString(16)
      .padStart(13, '0');
    last = `${JSON.stringify({
      id: `chatcmpl-${id}`,
      timestamp: at.toISOString(),
      model: of(models),
      usage: { prompt_tokens: tokensIn, completion_tokens: tokensOut, total_tokens: tokensIn + tokensOut },
      latency_ms: Math.round(random() * 90_000) / 10,
      status_code: random() < 0.02 ? 429 : 200,
      accepted_flag: random() < 0.3,
      metadata: {
        session_id: `session-${Math.floor(index / 40)}-${below(4)}`,
        developer_id: `developer.${below(60)}@example.com`,
        repo_slug: `acme/service-${below(6)}`,
        branch: `feature/ticket-${below(400)}`,
        team: of(teams),
      },
      request: {
        tool: of(tools),
        temperature: 0.2,
        stream: random() < 0.5,
        max_tokens: 4096,
        cwd: `/home/developer/src/service/${id}`,
      },
    })}\n`;
    yield last;
  }
}

/** Writes lines to a file; answers its bytes. */
export function writeTraceLines(path: string, options: LineOptions): number {
  const file = openSync(path, 'w');
  let [text, bytes] = ['', 0];
  for (const line of traceLines(options)) {
    text += line;
    if (text.length < 4_000_000) continue;
    bytes += writeSync(file, text);
    text = '';
  }
  bytes += writeSync(file, text);
  closeSync(file);
  return bytes;
}
