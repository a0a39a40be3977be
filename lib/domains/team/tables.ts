/** Postgres tables of people and memberships; team_members is mirrored to customers.customer_team_members. */

import { boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { customerReference } from '@/lib/domains/customers/tables';
import { instant, now } from '@/lib/kernel/columns';
import { roles } from '@/lib/kernel/permissions';

const memberStatuses = ['INVITED', 'ACTIVE', 'SUSPENDED', 'REMOVED'] as const;

/** A person, however many customers they belong to. */
export const users = pgTable('users', {
  userId: text('user_id').primaryKey(),
  /** Lower case; only addresses Google calls verified. */
  email: text('email').notNull().unique(),
  /** Google's subject id, once seen and where the issuer keeps it stable. */
  googleSub: text('google_sub').unique(),
  fullName: text('full_name'),
  avatarUrl: text('avatar_url'),
  /** Raised to end all of the person's sessions. */
  sessionVersion: integer('session_version').notNull().default(1),
  timeDisplay: text('time_display').notNull().default('relative'),
  /** An IANA zone for local times; null is the browser's. */
  timeZone: text('time_zone'),
  checklistHidden: boolean('checklist_hidden').notNull().default(false),
  createdAt: instant('created_at').notNull().default(now),
  updatedAt: instant('updated_at').notNull().default(now),
});

export const teamMembers = pgTable(
  'team_members',
  {
    memberId: text('member_id').primaryKey(),
    customerId: customerReference(),
    /** Set when the invitation is accepted. */
    userId: text('user_id'),
    email: text('email').notNull(),
    fullName: text('full_name'),
    avatarUrl: text('avatar_url'),
    role: text('role', { enum: roles }).notNull(),
    /** Raised with the role: sessions that began before it are over in this organization, and go on in others. */
    sessionVersion: integer('session_version').notNull().default(1),
    /** ACTIVE, INVITED, SUSPENDED or REMOVED. */
    status: text('status', { enum: memberStatuses }).notNull(),
    invitedBy: text('invited_by'),
    /** The mirror's partition value: an invitation sent again keeps it. */
    invitedAt: instant('invited_at').notNull().default(now),
    /** SHA-256 of the invitation's token; never mirrored. */
    invitationTokenHash: text('invitation_token_hash').unique(),
    invitationExpiresAt: instant('invitation_expires_at'),
    joinedAt: instant('joined_at'),
    lastLoginAt: instant('last_login_at'),
    lastActivityAt: instant('last_activity_at'),
    loginCount: integer('login_count').notNull().default(0),
    createdAt: instant('created_at').notNull().default(now),
    updatedAt: instant('updated_at').notNull().default(now),
    removedAt: instant('removed_at'),
    removedBy: text('removed_by'),
    removalReason: text('removal_reason'),
    emailNotifications: boolean('email_notifications').notNull().default(true),
    slackNotifications: boolean('slack_notifications').notNull().default(false),
    timezone: text('timezone').notNull().default('UTC'),
  },
  table => [
    uniqueIndex('team_members_email').on(table.customerId, table.email),
    index('team_members_user').on(table.userId),
    index('team_members_by_email').on(table.email),
  ],
);

/** Sessions that were ended, until they would be too old in any case: a copy of their cookie is refused. */
export const endedSessions = pgTable(
  'ended_sessions',
  {
    sessionId: text('session_id').primaryKey(),
    expiresAt: instant('expires_at').notNull(),
  },
  table => [index('ended_sessions_expiry').on(table.expiresAt)],
);

export type User = typeof users.$inferSelect;
export type TeamMember = typeof teamMembers.$inferSelect;
