/** What calls that send events look like, for the document; lib/domains/events/collect checks them, faster and item by item. */
import { z } from 'zod';
import { callTypes, sizes } from '@/lib/domains/events/rules';

const text = (description: string, example?: string) =>
  z.string().meta({ description, ...(example === undefined ? {} : { example }) });
const fields = (description: string) => z.record(z.string(), z.unknown()).optional().meta({ description });
const time = (description: string) => z.string().optional().meta({ description, format: 'date-time' });

const userId = text('Who it is. It or anonymousId is asked for.', 'user-1');
const common = {
  userId,
  anonymousId: text('Who it is before anybody knows.').optional(),
  messageId: z
    .string()
    .max(sizes.messageIdSigns - 1)
    .optional()
    .meta({
      description: 'Its id: sent again within 24 hours, the call is taken once. We give one where there is none.',
    }),
  timestamp: time('When it happened, by the sender’s clock.'),
  sentAt: time('When it was sent, by the same clock, so that we can tell how wrong that is.'),
  context: fields('What is around it: columns that begin with `context_`.'),
  integrations: fields('Kept as it is sent; there are no other destinations.'),
  writeKey: text('The write key, where the header Authorization has none, as from a beacon.').optional(),
};
const properties = fields('Columns of its table by these names; objects are flattened, lists become text.');
const traits = fields('What is known of who it is; columns by these names.');
const name = text('Its name.').optional();

export const callSchemas = {
  identify: z.looseObject({ ...common, traits }),
  track: z.looseObject({
    ...common,
    event: text('What happened; each event has a table of its own.', 'Order Completed'),
    properties,
  }),
  page: z.looseObject({ ...common, name, category: text('Its category.').optional(), properties }),
  screen: z.looseObject({ ...common, name, category: text('Its category.').optional(), properties }),
  group: z.looseObject({ ...common, groupId: text('The group.', 'company-1'), traits }),
  alias: z.looseObject({ ...common, previousId: text('The id that it had.', 'anonymous-1') }),
};

const { writeKey, ...ofItems } = common;
const item = z.looseObject({
  type: z.enum(callTypes).meta({ description: 'What kind of call it is; the rest as in a call of that kind.' }),
  ...ofItems,
});

export const batchSchema = z.looseObject({
  batch: z
    .array(item)
    .min(1)
    .max(sizes.batchItems)
    .meta({ description: `At most ${sizes.batchItems} calls of ${sizes.eventBytes / 1_024} kB each.` }),
  context: fields('Goes into each item, whose own fields win.'),
  integrations: fields('Goes into each item, whose own fields win.'),
  sentAt: common.sentAt,
  writeKey,
});

export const takenSchema = z.object({
  success: z.literal(true),
  accepted: z.int().optional().meta({ description: 'Calls that were taken, where some were not.' }),
  refused: z
    .array(
      z.object({
        index: z.int(),
        message_id: z.string().meta({ description: 'Its receipt says the same.' }),
        problems: z.array(z.object({ code: z.string(), field: z.string(), message: z.string() })),
      }),
    )
    .optional()
    .meta({ description: 'Items that were refused, at most 100 of them.' }),
  refused_count: z.int().optional().meta({ description: 'How many were refused.' }),
});

export const settingsParams = z.strictObject({
  write_key: z.string().meta({ description: 'A write key of the source.' }),
});
export const settingsSchema = z.looseObject({
  integrations: z.looseObject({ 'Segment.io': z.looseObject({ apiKey: z.string(), apiHost: z.string() }) }),
});
