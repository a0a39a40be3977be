/** What senders of OpenLineage hear: of one event this product's own words, of a batch those of OpenLineage's specification too. */
import type { NotTaken, TakenEvents } from '@/lib/domains/lineage/collect/take-events';
import { type EdgeAnswer, jsonAnswer } from '@/lib/edge/http/message';
import type { Count } from '@/lib/edge/v1/lineage/read-events';
import { invalidInput } from '@/lib/kernel/input';
import { AppError, type FieldError } from '@/lib/platform/errors';

/** `[3].run.runId` for a field of an event of a batch. */
const ofBatch = ({ index, fields }: NotTaken): FieldError[] =>
  fields.map(field => ({ ...field, path: field.path === '' ? `[${index}]` : `[${index}].${field.path}` }));

const reasonOf = ({ fields: [first] }: NotTaken): string =>
  first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : 'The event cannot be read.';

/** Events that an answer lists; it counts all of them. */
const listed = 20;

/** The members of the answer to a batch in OpenLineage's specification; its `status` is a problem's own. */
function processed({ accepted, notTaken }: TakenEvents) {
  const retriable = notTaken.filter(({ later }) => later).length;
  const failed = notTaken.length;
  return {
    accepted,
    summary: {
      received: accepted + failed,
      successful: accepted,
      failed,
      retriable,
      non_retriable: failed - retriable,
    },
    failed_events: notTaken
      .slice(0, listed)
      .map(one => ({ index: one.index, reason: reasonOf(one), retriable: one.later })),
  };
}

/** The refusal of what was not taken: later where that may help, as what is wrong then is heard at the next attempt. */
function refusal(taken: TakenEvents, count: Count): AppError {
  const { notTaken } = taken;
  const details = count === 'many' ? processed(taken) : {};
  const waiting = notTaken.filter(one => one.later);
  const [first] = waiting;
  if (first) {
    const seconds = Math.max(...waiting.map(one => one.seconds));
    return new AppError('slow_down', reasonOf(first), { retryAfterSeconds: seconds, details });
  }
  const fields = notTaken.flatMap(one => (count === 'many' ? ofBatch(one) : one.fields));
  const { message, fields: named } = invalidInput(fields);
  return new AppError('invalid_input', message, { ...(named ? { fields: named } : {}), details });
}

/** The answer to what was taken. Throws AppError invalid_input and slow_down where some was not. */
export function answerEvents(taken: TakenEvents, count: Count, headers: Record<string, string>): EdgeAnswer {
  if (taken.notTaken.length > 0) throw refusal(taken, count);
  const { accepted } = taken;
  return jsonAnswer(201, count === 'many' ? { status: 'success', ...processed(taken) } : { accepted }, headers);
}
