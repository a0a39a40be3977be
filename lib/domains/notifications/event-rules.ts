/** What follows from the table of events: who may choose which, how many messages an address gets, when one is too late. */
import {
  type EventName,
  events,
  type PersonEventName,
  personEventNames,
  type RoleEventName,
  roleEventNames,
} from '@/lib/domains/notifications/events';
import type { Allowance } from '@/lib/domains/notifications/rules';
import type { Role } from '@/lib/kernel/permissions';

/** An event's title; one that is told no more, but stands in an old message, says its name. */
export const titleOf = (name: string): string => (Object.hasOwn(events, name) ? events[name as EventName].title : name);

/** Events that a member of this role may choose. */
export const eventsOf = (member: Role): RoleEventName[] =>
  roleEventNames.filter(
    name => !('isUpcoming' in events[name]) && (events[name].audience as readonly Role[]).includes(member),
  );

/** Events that always reach a member of this role when they are about them. */
export const fixedEventsOf = (member: Role): PersonEventName[] =>
  personEventNames.filter(name => {
    const definition = events[name];
    return !('concerns' in definition) || (definition.concerns as readonly Role[]).includes(member);
  });

/** How many messages of the event an address may get; null where none is ever left out. */
export function allowanceOf(name: EventName): Allowance | null {
  const definition = events[name];
  return 'allowance' in definition ? definition.allowance : null;
}

/** Whether an event is on for a role until the person says otherwise. */
export const isOnByDefault = (name: RoleEventName, member: Role): boolean =>
  (events[name].onFor as readonly Role[]).includes(member);

/** True when a stored message has become useless; `data` is that of the event, as notify stored it. */
export function isTooLate(name: EventName, data: unknown, now: Date): boolean {
  const definition = events[name];
  // Functions of different events take different data; `data` was parsed by this event's schema.
  const until = ('until' in definition ? definition.until : undefined) as ((data: unknown) => Date) | undefined;
  return until !== undefined && until(data) <= now;
}
