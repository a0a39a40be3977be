/** Postgres tables of pull requests: repositories and how far they were read, what GitHub says of them, and who its accounts are. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { customerReference } from '@/lib/domains/customers/tables';
import {
  identityOrigins,
  identityStates,
  pullRequestStates,
  type SyncProblem,
  syncStates,
  walkKinds,
} from '@/lib/domains/pull-requests/rules';
import { bytes, instant, now } from '@/lib/kernel/columns';

/** Repositories that a customer has connected, and what their last synchronisation came to. */
export const repositories = pgTable(
  'repositories',
  {
    repositoryId: text('repository_id').primaryKey(),
    customerId: customerReference(),
    /** `owner/name` as GitHub spells it now. */
    repoSlug: text('repo_slug').notNull(),
    /** Names it had, the present one too, in small letters: sessions name the one of their time. */
    names: text('names').array().notNull(),
    /** GitHub's own id, known once it was read; a name may come to belong to another repository. */
    githubId: bigint('github_id', { mode: 'number' }),
    /** Credential of kind github_token. */
    credentialId: text('credential_id').notNull(),
    /** SHA-256 of the token that was used last: another token forgets all ETags. */
    tokenHash: text('token_hash'),
    /** False once it was disconnected; what was read stays. */
    isActive: boolean('is_active').notNull().default(true),
    state: text('state', { enum: syncStates }).notNull().default('WAITING'),
    problem: text('problem').$type<SyncProblem>(),
    /** GitHub's own words or ours, for people; never holds a secret. */
    problemDetail: text('problem_detail'),
    /** Failed synchronisations since the last good one. */
    failures: integer('failures').notNull().default(0),
    nextSyncAt: instant('next_sync_at').notNull().default(now),
    /** A worker reads it until then; it extends that as it goes on. */
    leasedUntil: instant('leased_until'),
    /** Tells leases apart: whoever lost his writes nothing more. */
    lease: text('lease'),
    syncStartedAt: instant('sync_started_at'),
    lastSyncedAt: instant('last_synced_at'),
    /** Requests to GitHub and those answered 304, of the last synchronisation and of all. */
    lastRequests: integer('last_requests').notNull().default(0),
    lastNotModified: integer('last_not_modified').notNull().default(0),
    requests: bigint('requests', { mode: 'number' }).notNull().default(0),
    notModified: bigint('not_modified', { mode: 'number' }).notNull().default(0),
    /** The token's hourly limit as GitHub last said it. */
    rateLimit: integer('rate_limit'),
    rateRemaining: integer('rate_remaining'),
    rateResetAt: instant('rate_reset_at'),
    /** By which GitHub signs its webhooks of this repository, sealed. */
    webhookSecret: bytes('webhook_secret').notNull(),
    lastDeliveryAt: instant('last_delivery_at'),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: instant('updated_at').notNull(),
    requestToken: text('request_token'),
  },
  table => [
    uniqueIndex('repositories_by_slug').on(table.customerId, sql`lower(${table.repoSlug})`).where(sql`is_active`),
    uniqueIndex('repositories_by_request').on(table.customerId, table.requestToken),
    index('repositories_due').on(table.nextSyncAt).where(sql`is_active`),
    index('repositories_by_credential').on(table.credentialId),
  ],
);

/** How far a list of a repository was read. A walk that was cut off goes on at its page; what it began with holds once it has ended. */
export const repositoryWalks = pgTable(
  'repository_walks',
  {
    customerId: customerReference(),
    repositoryId: text('repository_id')
      .notNull()
      .references(() => repositories.repositoryId, { onDelete: 'cascade' }),
    kind: text('kind', { enum: walkKinds }).notNull(),
    /** All that changed before is durable; null before the first walk has ended. */
    doneUntil: instant('done_until'),
    /** Page that is read next by the walk under way; null between walks. */
    page: integer('page'),
    /** Newest change on the first page of the walk under way: `done_until` once it ends. */
    newestAt: instant('newest_at'),
    /** Question and ETag of its first page: kept with all others once it ends. */
    endpoint: text('endpoint'),
    etag: text('etag'),
    /** Of commits: parents of new ones that the walk under way has not met. While there are any, it has not ended, whatever dates say. */
    openParents: text('open_parents').array().notNull().default([]),
  },
  table => [primaryKey({ columns: [table.repositoryId, table.kind] })],
);

/** ETags of questions whose answers are durable, all pages of them. Source: docs/spec/001-ai-traces.md, etag_state. */
export const etagState = pgTable(
  'etag_state',
  {
    customerId: customerReference(),
    /** Path with the whole query. */
    endpoint: text('endpoint').notNull(),
    repositoryId: text('repository_id')
      .notNull()
      .references(() => repositories.repositoryId),
    etag: text('etag'),
    lastModified: text('last_modified'),
    lastSynced: instant('last_synced').notNull(),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.endpoint] }),
    index('etag_state_by_repository').on(table.repositoryId),
  ],
);

/** Pull requests as GitHub last showed them. Source: docs/spec/001-ai-traces.md, pull_requests. */
export const pullRequests = pgTable(
  'pull_requests',
  {
    customerId: customerReference(),
    /** GitHub's id. */
    id: bigint('id', { mode: 'number' }).notNull(),
    repositoryId: text('repository_id')
      .notNull()
      .references(() => repositories.repositoryId),
    repoSlug: text('repo_slug').notNull(),
    number: integer('number').notNull(),
    title: text('title').notNull(),
    /** Login; null where the account was deleted. */
    author: text('author'),
    state: text('state', { enum: pullRequestStates }).notNull(),
    isDraft: boolean('is_draft').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    closedAt: instant('closed_at'),
    mergedAt: instant('merged_at'),
    /** From the timeline. */
    reopened: boolean('reopened').notNull().default(false),
    branch: text('branch'),
    baseBranch: text('base_branch'),
    mergeCommitSha: text('merge_commit_sha'),
    commitCount: integer('commit_count').notNull().default(0),
    /** Co-authors of its commits by their trailers, as `Claude <noreply@anthropic.com>`. */
    coAuthors: text('co_authors').array().notNull().default([]),
    /** `updated_at` of the pull request whose commits and timeline are stored; null before the first time. */
    detailsOf: instant('details_of'),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.id] }),
    index('pull_requests_by_number').on(table.repositoryId, table.number),
    index('pull_requests_without_details')
      .on(table.repositoryId, table.updatedAt)
      .where(sql`details_of IS DISTINCT FROM updated_at`),
    index('pull_requests_by_author').on(table.customerId, table.author),
  ],
);

/** Commits of default branches and of pull requests. Source: docs/spec/001-ai-traces.md, commits. */
export const commits = pgTable(
  'commits',
  {
    customerId: customerReference(),
    sha: text('sha').notNull(),
    repositoryId: text('repository_id')
      .notNull()
      .references(() => repositories.repositoryId),
    /** Login where GitHub knows the account, else the name in the commit; null where it has none. */
    author: text('author'),
    authorLogin: text('author_login'),
    authorEmail: text('author_email'),
    timestamp: instant('timestamp').notNull(),
    /** First line of the message. */
    title: text('title').notNull(),
    coAuthors: text('co_authors').array().notNull().default([]),
    /** Met by a walk of the default branch, so that its ancestors are stored too, or will be by the walk under way. */
    isOnDefaultBranch: boolean('is_on_default_branch').notNull().default(false),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.sha] }),
    index('commits_by_repository').on(table.repositoryId, table.timestamp),
    index('commits_by_email').on(table.customerId, sql`lower(${table.authorEmail})`),
  ],
);

/** Which commits a pull request holds, and held before a force-push. */
export const pullRequestCommits = pgTable(
  'pull_request_commits',
  {
    customerId: customerReference(),
    pullRequestId: bigint('pull_request_id', { mode: 'number' }).notNull(),
    sha: text('sha').notNull(),
    position: integer('position').notNull(),
    /** When a synchronisation found it gone. */
    droppedAt: instant('dropped_at'),
  },
  table => [primaryKey({ columns: [table.customerId, table.pullRequestId, table.sha] })],
);

/** Deliveries of GitHub's webhooks, each once; they only say that a repository is to be read now. */
export const githubDeliveries = pgTable(
  'github_deliveries',
  {
    repositoryId: text('repository_id')
      .notNull()
      .references(() => repositories.repositoryId),
    /** X-GitHub-Delivery. */
    deliveryId: text('delivery_id').notNull(),
    customerId: customerReference(),
    event: text('event').notNull(),
    action: text('action'),
    receivedAt: instant('received_at').notNull().default(now),
  },
  table => [
    primaryKey({ columns: [table.repositoryId, table.deliveryId] }),
    index('github_deliveries_by_age').on(table.receivedAt),
  ],
);

/** Which account of GitHub a developer of AI usage is. One developer is one account; an account may be several developers. */
export const developerIdentities = pgTable(
  'developer_identities',
  {
    customerId: customerReference(),
    /** As sessions name the developer. */
    developerId: text('developer_id').notNull(),
    login: text('login').notNull(),
    state: text('state', { enum: identityStates }).notNull(),
    origin: text('origin', { enum: identityOrigins }).notNull(),
    updatedAt: instant('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.developerId] }),
    index('developer_identities_by_login').on(table.customerId, sql`lower(${table.login})`),
  ],
);

export type Repository = typeof repositories.$inferSelect;
export type RepositoryWalk = typeof repositoryWalks.$inferSelect;
export type EtagState = typeof etagState.$inferSelect;
export type PullRequest = typeof pullRequests.$inferSelect;
export type Commit = typeof commits.$inferSelect;
export type DeveloperIdentity = typeof developerIdentities.$inferSelect;
