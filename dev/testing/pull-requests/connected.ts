/** Repositories of a customer for tests of reading: connected with a token that GitHub's double knows. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { newRepository, newToken } from '@/dev/testing/pull-requests/github-double';
import type { World } from '@/dev/testing/world';
import { createCredential } from '@/lib/domains/credentials/commands';
import { connectRepository } from '@/lib/domains/pull-requests/repositories/connect';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

/** Stores a token as a credential; answers its id. */
export async function storeToken(world: World, token: string): Promise<string> {
  const secret = { kind: 'github_token', token };
  const { result } = await createCredential(world.as('OWNER'), { name: `GitHub ${newId('t')}`, secret });
  return result.credential_id;
}

/** Connects a repository of that name, never read; answers its id. */
export async function connect(world: World, repo: string, credentialId: string): Promise<string> {
  const { result } = await connectRepository(world.as('OWNER'), { repo, credential_id: credentialId });
  return result.repository.repository_id;
}

/** A new repository of GitHub's with a new token, connected. */
export async function connected(world: World) {
  const token = await newToken();
  const { repo, id: githubId } = await newRepository();
  const credentialId = await storeToken(world, token);
  return { token, repo, githubId, credentialId, repositoryId: await connect(world, repo, credentialId) };
}

/** The repository as it stands. */
export async function repositoryRow(repositoryId: string) {
  const [row] = await db().select().from(repositories).where(eq(repositories.repositoryId, repositoryId));
  if (!row) throw new Error('no such repository');
  return row;
}

const startMs = Date.UTC(2026, 0, 1);
/** So many minutes after the first of January, as GitHub writes it. */
export const minute = (minutes: number): string => new Date(startMs + minutes * 60_000).toISOString();
export const shaOf = (text: string): string => createHash('sha1').update(text).digest('hex');

/** Open pull requests with the numbers from `from` to `to`, each changed a minute after the one before. */
export const someCalled = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).map(number => ({
    number,
    created_at: minute(number),
    updated_at: minute(number),
  }));

/** Commits on one line of history, each the parent of the next, a minute apart. */
export const line = (name: string, from: number, to: number, parent?: string) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).map(number => ({
    sha: shaOf(`${name} ${number}`),
    message: `${name} ${number}`,
    date: minute(number),
    parents: number > from ? [shaOf(`${name} ${number - 1}`)] : parent ? [parent] : [],
  }));
