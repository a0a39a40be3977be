/** Names of who acted and what was acted on: ids from the log, names from Postgres as they are now. */
import type { AuditEntryRow } from '@/lib/domains/audit/queries';
import { type ActorNames, actorText, readActorNames } from '@/lib/domains/team/actor-names';
import type { Ctx } from '@/lib/kernel/ctx';

export type ActorRef = { actor_type: string; actor_id: string };
/** Names by `<type>:<id>`. */
export type Names = ActorNames;

const labelOf = ({ actor_type, actor_id }: ActorRef): string => `${actor_type}:${actor_id}`;

/** Names of the people and keys among these, which come from the caller's own log. */
export const readNames = (ctx: Ctx, refs: readonly ActorRef[]): Promise<Names> =>
  readActorNames(ctx, refs.map(labelOf));

/** What readNames must look up for these entries: actors, and targets that are people. */
export const refsOf = (entries: readonly AuditEntryRow[]): ActorRef[] => [
  ...entries,
  ...entries
    .filter(entry => entry.target_type === 'user')
    .map(entry => ({ actor_type: 'user', actor_id: entry.target_id })),
];

/** "Mia Kern", "API key “ci-loader”", "Tenantry support", "Tenantry". */
export const actorName = (ref: ActorRef, names: Names): string => actorText(labelOf(ref), names);
