/** Rules of pull requests and their repositories: states, what is wrong with a repository, sizes. Source: docs/spec/001-ai-traces.md. */

/** Source: docs/spec/requirements.md, T-18. */
export const pullRequestStates = ['open', 'closed', 'merged'] as const;
export type PullRequestState = (typeof pullRequestStates)[number];

/** GitHub itself says open or closed; a closed one with a time of merge was merged. Source: docs/spec/requirements.md, T-18. */
export const stateOf = (said: string, mergedAt: unknown): PullRequestState =>
  mergedAt ? 'merged' : said === 'open' ? 'open' : 'closed';

/** Where the copy of a repository stands: not read yet, as GitHub has it, waiting for GitHub's limit, or failing. */
export const syncStates = ['WAITING', 'SYNCED', 'PAUSED', 'FAILED'] as const;
export type SyncState = (typeof syncStates)[number];

/** Why a repository cannot be read, each with its sentence and what to do. Nothing that was read before is lost. */
export const syncProblems = {
  token_revoked: {
    title: 'GitHub does not accept the token: it is wrong, expired or revoked.',
    todo: 'Replace the secret of the credential.',
  },
  no_access: {
    title: 'GitHub shows no such repository: it was deleted, or is private and the token may not read it.',
    todo: 'Give the token read access to pull requests and contents of the repository.',
  },
  forbidden: {
    title: 'GitHub refuses to show the repository to this token.',
    todo: 'Give the token read access to pull requests and contents, and authorize it for the organization’s single sign-on.',
  },
  rate_limited: {
    title: 'The token has used its requests of this hour.',
    todo: 'Nothing; reading goes on when GitHub gives new ones.',
  },
  secondary_limit: {
    title: 'GitHub asks to slow down.',
    todo: 'Nothing; reading goes on after the wait that GitHub asked for.',
  },
  unavailable: {
    title: 'GitHub did not answer, or answered with an error of its own.',
    todo: 'Nothing; it is tried again.',
  },
  unreadable: {
    title: 'GitHub answered something that is not understood.',
    todo: 'Tell support, with the time of the last try.',
  },
  credential_gone: {
    title: 'The credential of this repository was deleted.',
    todo: 'Choose another credential.',
  },
} as const;
export type SyncProblem = keyof typeof syncProblems;

/** Lists that are walked page by page, the last changed first. */
export const walkKinds = ['pulls', 'commits'] as const;
export type WalkKind = (typeof walkKinds)[number];

/** Rows that GitHub gives at once; it gives no more. */
export const pageRows = 100;
/** Most connected repositories of a customer. */
export const maxRepositories = 200;
/** Most developers that a customer maps to logins. */
export const maxIdentities = 5_000;
/** Signs kept of a title and of a commit's first line. */
export const keptTitleSigns = 300;

/** What a person said of a developer of AI usage and an account of GitHub; what nobody looked at yet is only suggested, and not stored. */
export const identityStates = ['CONFIRMED', 'REJECTED'] as const;
/** A suggestion by equal e-mail that was confirmed, a login that somebody typed, or a line of a file. */
export const identityOrigins = ['email', 'person', 'csv'] as const;
export type IdentityOrigin = (typeof identityOrigins)[number];

/** Why a session stands with a pull request. Source: docs/spec/requirements.md, T-37. */
export const evidences = ['branch', 'trailer', 'time'] as const;
export type Evidence = (typeof evidences)[number];
