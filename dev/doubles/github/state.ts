/** What the double of GitHub keeps beside emulate's own repositories: tokens, repositories put in by /control, faults and the requests it saw. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const instant = z.iso.datetime();
const sha = z.string().regex(/^[\da-f]{40}$/);

export const tokenShape = z.strictObject({
  token: z.string().min(1),
  login: z.string().min(1),
  /** A classic token tells its scopes; one that is fine-grained does not. */
  scopes: z.array(z.string()).optional(),
  revoked: z.boolean().default(false),
  /** Requests an hour. */
  limit: z.int().min(0).default(5_000),
});

export const commitShape = z.strictObject({
  sha,
  message: z.string(),
  date: instant,
  name: z.string().default('Nobody'),
  email: z.string().default('nobody@example.com'),
  /** Account that GitHub knows by the address; null where it knows none. */
  login: z.string().nullable().default(null),
  /** The next older commit of its list where they are not told. */
  parents: z.array(sha).optional(),
});

export const pullShape = z.strictObject({
  id: z.int().optional(),
  number: z.int().min(1),
  title: z.string().default('A change'),
  /** Null where the account was deleted. */
  login: z.string().nullable().default('octocat'),
  state: z.enum(['open', 'closed']).default('open'),
  draft: z.boolean().default(false),
  created_at: instant,
  updated_at: instant,
  closed_at: instant.nullable().default(null),
  merged_at: instant.nullable().default(null),
  merge_commit_sha: sha.nullable().default(null),
  head: z.string().default('feature'),
  base: z.string().default('main'),
  commits: z.array(commitShape).default([]),
  /** Beside `committed`, which is there by the commits. */
  timeline: z.array(z.looseObject({ event: z.string(), created_at: instant })).default([]),
});

export const repositoryShape = z.strictObject({
  full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  id: z.int().optional(),
  /** Only these tokens see it; without the list all do. */
  readers: z.array(z.string()).optional(),
  default_branch: z.string().default('main'),
});

export const faultShape = z.strictObject({
  /** The request's path with its query starts so. */
  path: z.string().startsWith('/'),
  token: z.string().optional(),
  /** Requests let through before the first fault. */
  skip: z.int().min(0).default(0),
  times: z.int().min(1).default(1),
  status: z.int().min(200).max(599).default(500),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  /** Answers nothing for so long, then the status. */
  hang_ms: z.int().min(0).max(600_000).default(0),
});

export type Token = z.infer<typeof tokenShape> & { used: number; resetAtMs: number };
export type Commit = z.infer<typeof commitShape>;
export type Pull = z.infer<typeof pullShape> & { id: number };
export type Fault = z.infer<typeof faultShape>;
export type Repository = {
  id: number;
  fullName: string;
  formerNames: string[];
  readers?: string[] | undefined;
  defaultBranch: string;
  pulls: Record<number, Pull>;
  /** Of the default branch. */
  commits: Commit[];
};
export type Seen = { token: string; method: string; path: string; status: number; conditional: boolean };

export type GithubState = {
  nextId: number;
  tokens: Record<string, Token>;
  repositories: Record<number, Repository>;
  faults: Fault[];
  /** The last ones, oldest first. */
  seen: Seen[];
};

/** Reads what an earlier process saved. */
export function readState(file: string): GithubState {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as GithubState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { nextId: 7_000_001, tokens: {}, repositories: {}, faults: [], seen: [] };
  }
}

/** Writes all but what no later process asks for. */
export function saveState(file: string, state: GithubState): void {
  writeFileSync(`${file}.tmp`, JSON.stringify({ ...state, faults: [], seen: [] }), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

/** The repository that a path names: `owner/name`, one it had before, or its id. */
export function findRepository(state: GithubState, named: string): { found: Repository; moved: boolean } | undefined {
  const all = Object.values(state.repositories);
  const name = named.toLowerCase();
  const now = all.find(({ id, fullName }) => String(id) === named || fullName.toLowerCase() === name);
  if (now) return { found: now, moved: false };
  const before = all.find(({ formerNames }) => formerNames.includes(name));
  return before && { found: before, moved: true };
}
