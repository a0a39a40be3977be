/** The filter of the audit log, as the address of the page, the CSV and the API carry it. */
import { z } from 'zod';
import { auditActions, targetTypes } from '@/lib/domains/audit/rules';
import { utcDayInput } from '@/lib/kernel/input';

export const actorTypes = ['user', 'person', 'api_key', 'service', 'staff', 'stripe', 'system'] as const;

/** Stands for every refusal, whatever was tried. */
export const deniedAction = 'denied';

const known = (names: Record<string, unknown>) => (value: string) => value === '' || Object.hasOwn(names, value);
const day = z.union([z.literal(''), utcDayInput]).default('');

const actorPattern = new RegExp(`^(${actorTypes.join('|')})(:[^\\s\\p{Cc}\\p{Cs}]{1,200})?$`, 'u');

export const auditFilterInput = z.strictObject({
  /** `user:<id>` or `api_key:<id>`, or a kind of actor alone, such as `staff`. */
  actor: z.union([z.literal(''), z.string().regex(actorPattern, 'This actor is not known.')]).default(''),
  action: z
    .string()
    .refine(value => value === deniedAction || known(auditActions)(value), 'This action is not known.')
    .default(''),
  target: z.string().refine(known(targetTypes), 'This kind of target is not known.').default(''),
  /** First and last UTC day, both included. */
  from: day,
  to: day,
});
export type AuditFilter = z.output<typeof auditFilterInput>;

export const listEntriesInput = auditFilterInput.extend({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(50),
});
export type ListEntriesInput = z.output<typeof listEntriesInput>;

/** Who can be refused without acting for an organization, by actor type, as people read it. */
export const callerWords = {
  api_key: 'Unknown key',
  person: 'Person without an organization',
  service: 'Service key',
  staff: 'Staff',
} as const;

/** "Unknown key"; a kind that is not in the table says its name. */
export const callerWord = (actorType: string): string =>
  (callerWords as Record<string, string>)[actorType] ?? actorType.replaceAll('_', ' ');

/** Spans that the page offers. */
export const refusalDays = [1, 7, 30, 90] as const;

export const refusalsFilterInput = z.strictObject({
  actor: z.string().refine(known(callerWords), 'This kind of caller is not known.').default(''),
  /** How many days back, from now. */
  days: z.coerce.number().int().min(1).max(400).default(7),
});

export const listRefusalsInput = refusalsFilterInput.extend({
  after: z.string().max(800).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
});
export type ListRefusalsInput = z.output<typeof listRefusalsInput>;
