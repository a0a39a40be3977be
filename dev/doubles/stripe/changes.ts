/** Changes of kept objects, told as events with what was there before. */
import { isDeepStrictEqual } from 'node:util';
import { now } from '@/dev/doubles/stripe/clock';
import { customerOf, emit } from '@/dev/doubles/stripe/events/events';
import type { EventType } from '@/dev/doubles/stripe/events/events-state';
import type { StripeState } from '@/dev/doubles/stripe/state';

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `before` had where `after` differs; nested objects are named by their changed parts, lists whole. */
export function previousAttributes(before: object, after: object): Plain {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const [old, current] = [before as Plain, after as Plain];
  return Object.fromEntries(
    [...names].flatMap(name => {
      const [was, is] = [old[name], current[name]];
      if (isDeepStrictEqual(was, is)) return [];
      return [[name, isPlain(was) && isPlain(is) ? previousAttributes(was, is) : (was ?? null)]];
    }),
  );
}

/** Emits an event dated by the clock of the object's customer. */
export function tell(state: StripeState, type: EventType, object: object, previous?: object): void {
  emit(state, type, object, previous, now(state, customerOf(object)));
}

/** Lets `change` work on an object, then tells what it changed; a change that changed nothing is not told. */
export function changing<Item extends object, Result>(
  state: StripeState,
  type: EventType,
  object: Item,
  change: (object: Item) => Result,
): Result {
  const before = structuredClone(object);
  const result = change(object);
  const previous = previousAttributes(before, object);
  if (Object.keys(previous).length > 0) tell(state, type, object, previous);
  return result;
}
