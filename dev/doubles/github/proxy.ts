/** Stands before emulate's GitHub: who may ask, the limit, faults, repositories that were put in, ETags; emulate answers the rest. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, refused, repositoryAnswer } from '@/dev/doubles/github/answers';
import { type Fault, findRepository, type GithubState, type Token } from '@/dev/doubles/github/state';

export type Asked = { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer };
export type Sent = { status: number; headers: Record<string, string>; body: string };

const mostSeen = 50_000;
const hourMs = 3_600_000;

export class GithubProxy {
  constructor(
    readonly state: GithubState,
    private readonly base: string,
    private readonly emulateUrl: string,
  ) {}

  /** Answers one request as GitHub would. */
  async answer(asked: Asked): Promise<Sent> {
    const given = (asked.headers.authorization ?? '').replace(/^(?:bearer|token)\s+/i, '');
    const token = this.state.tokens[given];
    const raw = await this.raw(asked, given, token);
    const text = raw.body === undefined ? '' : JSON.stringify(raw.body);
    const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
    const isRead = asked.method === 'GET' && raw.status === 200;
    const unchanged = isRead && asked.headers['if-none-match'] === etag;
    if (token && raw.status !== 401 && !unchanged) token.used = Math.min(token.used + 1, token.limit);
    const status = unchanged ? 304 : raw.status;
    const { method, url, headers } = asked;
    const conditional = headers['if-none-match'] !== undefined;
    this.state.seen.push({ token: given, method, path: url.pathname + url.search, status, conditional });
    if (this.state.seen.length > mostSeen) this.state.seen.splice(0, mostSeen / 2);
    const sent = {
      'content-type': 'application/json; charset=utf-8',
      'x-github-media-type': 'github.v3; format=json',
      'x-github-request-id': randomUUID(),
      ...(isRead && { etag }),
      ...(token && raw.status !== 401 && limitHeaders(token)),
      ...raw.headers,
    };
    return { status, headers: sent, body: unchanged ? '' : text };
  }

  private async raw(asked: Asked, given: string, token: Token | undefined): Promise<Answer> {
    const isApp = given.startsWith('eyJ');
    if (given === '') return refused(401, 'Requires authentication');
    if (!isApp && (!token || token.revoked)) return refused(401, 'Bad credentials');
    const fault = this.faultOf(asked.url, given);
    if (fault?.hang_ms) await sleep(fault.hang_ms, undefined, { ref: false });
    if (fault) return { status: fault.status, body: fault.body ?? { message: 'A fault.' }, headers: fault.headers };
    if (token && Date.now() >= token.resetAtMs) Object.assign(token, { used: 0, resetAtMs: Date.now() + hourMs });
    if (token && token.used >= token.limit) return refused(403, `API rate limit exceeded for user ID ${token.login}.`);
    if (token && asked.url.pathname === '/user') return this.user(token);
    return this.put(asked, given) ?? this.forward(asked);
  }

  private user({ login }: Token): Answer {
    const id = createHash('sha256').update(login).digest().readUInt32BE();
    return { status: 200, body: { login, id, type: 'User', url: `${this.base}/users/${login}` } };
  }

  private faultOf(url: URL, token: string): Fault | undefined {
    const path = url.pathname + url.search;
    const { faults } = this.state;
    const fault = faults.find(each => path.startsWith(each.path) && (each.token ?? token) === token);
    if (!fault) return undefined;
    if (fault.skip > 0) {
      fault.skip -= 1;
      return undefined;
    }
    fault.times -= 1;
    if (fault.times === 0) faults.splice(faults.indexOf(fault), 1);
    return fault;
  }

  /** About a repository that was put in; undefined for emulate's. */
  private put({ method, url }: Asked, token: string): Answer | undefined {
    const [, kind, named = '', rest = ''] =
      /^\/(repos|repositories)\/((?<=repos\/)[^/]+\/[^/]+|(?<=repositories\/)\d+)(\/.*)?$/.exec(url.pathname) ?? [];
    const { found, moved } = (kind && findRepository(this.state, named)) || {};
    if (!found) return undefined;
    if (found.readers && !found.readers.includes(token)) return refused(404, 'Not Found');
    if (method !== 'GET') return refused(405, 'What was put in by /control is changed there.');
    if (!moved) return repositoryAnswer(found, rest, url, this.base);
    const location = `${this.base}/repositories/${found.id}${rest}${url.search}`;
    return { status: 301, body: { message: 'Moved Permanently', url: location }, headers: { location } };
  }

  private async forward({ method, url, headers, body }: Asked): Promise<Answer> {
    const response = await fetch(`${this.emulateUrl}${url.pathname}${url.search}`, {
      method,
      headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
      redirect: 'manual',
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const text = await response.text();
    const link = response.headers.get('link');
    return {
      status: response.status,
      ...(text !== '' && { body: JSON.parse(text) as unknown }),
      ...(link && { headers: { link } }),
    };
  }
}

const limitHeaders = ({ limit, used, resetAtMs, scopes }: Token): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(Math.max(0, limit - used)),
  'x-ratelimit-used': String(used),
  'x-ratelimit-reset': String(Math.ceil(resetAtMs / 1_000)),
  'x-ratelimit-resource': 'core',
  ...(scopes && { 'x-oauth-scopes': scopes.join(', ') }),
});
