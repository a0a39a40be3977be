/** GitHub's local double: what tests put in, and what it saw. Each test has tokens and repositories of its own. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { commitShape, faultShape, pullShape, repositoryShape, Seen, tokenShape } from '@/dev/doubles/github/state';

/** The double's address; the settings of this process lead there. */
export function githubUrl(): string {
  const url = process.env.GITHUB_API_URL;
  if (!url) throw new Error('no local double of GitHub is set');
  return url;
}

async function control<Answer>(call: string, body?: object): Promise<Answer> {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await fetch(`${githubUrl()}/control/${call}`, init);
  if (!answer.ok) throw new Error(`the double answered ${answer.status}: ${await answer.text()}`);
  return answer.json() as Promise<Answer>;
}

type TokenInput = Partial<z.input<typeof tokenShape>>;

/** A classic token that GitHub knows from now on. */
export async function newToken(change: TokenInput = {}): Promise<string> {
  const token = change.token ?? `ghp_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`;
  await control('tokens', { login: 'octocat', scopes: ['repo'], ...change, token });
  return token;
}

/** GitHub takes the token no more. */
export const revokeToken = (token: string): Promise<unknown> =>
  control('tokens', { token, login: 'octocat', revoked: true });

/** What the token has used of its limit, and when the next hour begins. */
export const setRate = (token: string, used: number, resetInSeconds = 3_600): Promise<unknown> =>
  control('rate', { token, used, reset_in_seconds: resetInSeconds });

/** A repository that nobody else names; answers its `owner/name`. */
export async function newRepository(
  change: Partial<z.input<typeof repositoryShape>> = {},
): Promise<{ repo: string; id: number }> {
  const repo = change.full_name ?? `acme-${randomUUID().slice(0, 8)}/shop`;
  const { id } = await control<{ id: number }>('repositories', { ...change, full_name: repo });
  return { repo, id };
}

/** Puts pull requests in, or changes those of the same number; answers GitHub's ids of them. */
export const putPulls = async (repo: string, pulls: z.input<typeof pullShape>[]): Promise<number[]> =>
  (await control<{ ids: number[] }>('pulls', { repo, pulls })).ids;

/** Puts commits onto the default branch. */
export const putCommits = (repo: string, commits: z.input<typeof commitShape>[]): Promise<unknown> =>
  control('commits', { repo, commits });

/** The repository's old name answers 301 from now on. */
export const renameRepository = (repo: string, to: string): Promise<unknown> => control('rename', { repo, to });
/** GitHub has it no more. */
export const removeRepository = (repo: string): Promise<unknown> => control('remove', { repo });
/** The next requests whose path starts so are answered otherwise. */
export const nextAnswers = (fault: z.input<typeof faultShape>): Promise<unknown> => control('faults', fault);

/** Has a signed webhook sent; answers with the status it got. */
export const deliver = (delivery: {
  url: string;
  secret: string;
  event?: string;
  delivery_id?: string;
  payload?: object;
  form?: boolean;
}): Promise<{ status: number; answer: string; delivery_id: string }> => control('deliveries', delivery);

/** Requests that GitHub saw with the token, oldest first. */
export const requestsBy = async (token: string): Promise<Seen[]> =>
  (await control<{ data: Seen[] }>(`requests?token=${encodeURIComponent(token)}`)).data;
