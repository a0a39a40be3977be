/** Everything people are told of: one table from event to its data, who gets it, and whether it can be turned off. */
import { z } from 'zod';
import {
  type Allowance,
  count,
  day,
  endOfDay,
  failedRunsADay,
  id,
  missedSchedulesADay,
  missReasons,
  ofBudget,
  ofDay,
  ofMonth,
  writtenName,
  writtenText,
} from '@/lib/domains/notifications/rules';
import { type Role, roles } from '@/lib/kernel/permissions';

/** How a message can travel; each is one entry in lib/domains/notifications/channels.ts. Slack is of provider configs, not of people. */
export const channelNames = ['mail', 'slack'] as const;
export type ChannelName = (typeof channelNames)[number];

const instant = z.iso.datetime({ offset: true });
const role = z.enum(roles);
/** Whether `invited_by` is the name of a person (as where it is left out) or of an API key, or Tenantry itself invites. */
const inviter = z.enum(['person', 'key', 'tenantry']).optional();
const invited = { member_id: id, invited_by: writtenName, inviter };

type EventDefinition<Data extends z.ZodType> = {
  /** The row's words on the settings page. */
  title: string;
  /** What the message says and when it comes, one sentence for the settings page. */
  description: string;
  data: Data;
  /** Names what the event is about: the same subject is told to the same person once. */
  subject: (data: z.output<Data>) => string;
  /** From when on the message is of no use and not sent any more. */
  until?: (data: z.output<Data>) => Date;
  /** Nothing tells it yet: its texts are ready, and nobody is offered to turn it off. */
  isUpcoming?: true;
  /** Each event counts by itself, so that a burst of one never costs another; without one no message is left out. */
  allowance?: Allowance;
} & (
  | {
      /** Members with these roles may have it; for those in `onFor` it is on until they turn it off. */
      audience: readonly Role[];
      onFor: readonly Role[];
    }
  /** One person, named by the caller; it cannot be turned off, for the reason given. `concerns`: only such members. */
  | { audience: 'person'; fixedBecause: string; concerns?: readonly Role[] }
);

const define = <Data extends z.ZodType, Rest extends EventDefinition<Data>>(definition: Rest & { data: Data }) =>
  definition;

const owners = ['OWNER'] as const;
const admins = ['OWNER', 'ADMIN'] as const;
const builders = ['OWNER', 'ADMIN', 'COLLABORATOR'] as const;
const everyone = roles;

/** `mark` is the 14, 7 or 1 it counts as; days_left may be fewer where the job came late. */
const ending = { expires_at: instant, mark: count, days_left: count };
const forAdmins = { audience: admins, onFor: admins } as const;
const forAnyone = { audience: everyone, onFor: admins } as const;
const forBuilders = { audience: everyone, onFor: builders } as const;
const dayLimit = { ...ofDay, ...forAnyone } as const;
const monthLimit = { ...ofMonth, ...forAnyone } as const;
const budget = { ...ofBudget, ...forAnyone } as const;

export const events = {
  quota_warning: define({
    title: 'Daily runs at 80 %',
    description: 'When a day’s pipeline runs reach 80 % of the limit. At most one message a day.',
    ...dayLimit,
  }),
  quota_exceeded: define({
    title: 'Daily runs at 100 %',
    description: 'When a day’s limit is reached and further runs are refused. At most one message a day.',
    ...dayLimit,
  }),
  events_warning: define({
    title: 'Events at 80 %',
    description: 'When the events of a month reach 80 % of the limit. At most one message a month and limit.',
    ...monthLimit,
  }),
  events_reached: define({
    title: 'Events at 100 %',
    description: 'When a month’s events are used and further ones refused. At most one message a month and limit.',
    ...monthLimit,
  }),
  ai_budget_warning: define({
    title: 'AI budget at 80 %',
    description: 'When a month’s AI usage comes to 80 % of a budget. At most one message a budget, month and amount.',
    ...budget,
  }),
  ai_budget_reached: define({
    title: 'AI budget at 100 %',
    description: 'When a month’s AI usage comes to all of a budget. At most one message a budget, month and amount.',
    ...budget,
  }),
  run_failed: define({
    title: 'Run failed',
    description: `When a pipeline run fails. At most one message a pipeline and hour, and ${failedRunsADay} in 24 hours.`,
    data: z.strictObject({
      pipeline_id: writtenName,
      run_id: z.uuid(),
      hour: instant,
      started_at: instant,
      ended_at: instant,
      error_message: writtenText.nullable(),
    }),
    subject: data => `${data.pipeline_id}@${data.hour}`,
    allowance: { fromOne: failedRunsADay },
    ...forBuilders,
  }),
  config_run_failed: define({
    title: 'Run of a config failed',
    description: 'When a run fails of a config that names your address. At most one message a pipeline and hour.',
    data: z.strictObject({
      config_id: id,
      name: writtenName,
      pipeline_id: writtenName,
      run_id: z.uuid(),
      hour: instant,
      error_message: writtenText.nullable(),
    }),
    subject: data => `${data.config_id}@${data.hour}`,
    // Anybody who may change a config may name any address.
    allowance: { fromOne: 30, fromAll: 60 },
    audience: 'person',
    fixedBecause: 'The provider config names your address; whoever may change it can take it out.',
  }),
  slack_test: define({
    title: 'Slack test',
    description: 'When somebody tries the Slack webhook of a provider config.',
    data: z.strictObject({ config_id: id, name: writtenName, at: instant }),
    subject: data => `${data.config_id}@${data.at}`,
    audience: 'person',
    fixedBecause: 'It is sent only because somebody asked for it.',
    concerns: [],
  }),
  schedule_missed: define({
    title: 'Did not run',
    description: `When nothing ran at a time of a schedule. At most one message a config and day, ${missedSchedulesADay} in 24 hours.`,
    data: z.strictObject({
      /** The config, or the reason where it holds for all of them. */
      about_id: id,
      day,
      config_id: id,
      name: writtenName,
      scheduled_for: instant,
      /** The run that waited in vain; null where none was made. */
      run_id: z.uuid().nullable(),
      reason: z.enum(missReasons),
    }),
    subject: data => `${data.about_id}@${data.day}`,
    allowance: { fromOne: missedSchedulesADay },
    ...forBuilders,
  }),
  failure_review: define({
    title: 'Weekly errors',
    description: 'On Mondays: the kinds of errors of the week before, where a run failed.',
    data: z.strictObject({
      from: day,
      to: day,
      failed: count,
      kinds: count,
      /** The most frequent ones. */
      top: z.array(z.strictObject({ pattern: writtenText, runs: count })).max(5),
    }),
    subject: data => data.from,
    audience: everyone,
    onFor: [],
  }),
  credential_failing: define({
    title: 'Credential failing',
    description: 'When a provider rejects a stored credential. One message until it works again.',
    data: z.strictObject({
      credential_id: id,
      name: writtenName,
      provider: writtenName,
      failing_since: instant,
      reason: writtenText,
    }),
    subject: data => `${data.credential_id}@${data.failing_since}`,
    allowance: { fromOne: 50 },
    audience: builders,
    onFor: admins,
  }),
  key_expires: define({
    title: 'API key expires',
    description: '14, 7 and 1 days before an API key without a replacement expires.',
    data: z.strictObject({ api_key_id: id, name: writtenName, ...ending }),
    subject: data => `${data.api_key_id}@${data.expires_at}:${data.mark}`,
    until: data => new Date(data.expires_at),
    ...forAdmins,
  }),
  credential_expires: define({
    title: 'Credential expires',
    description: '14, 7 and 1 days before a stored credential expires.',
    data: z.strictObject({ credential_id: id, name: writtenName, provider: writtenName, ...ending }),
    subject: data => `${data.credential_id}@${data.expires_at}:${data.mark}`,
    until: data => new Date(data.expires_at),
    ...forAdmins,
  }),
  trial_ends: define({
    title: 'Trial ends',
    description: '7, 3 and 1 days before the free trial ends.',
    data: z.strictObject({ trial_end_date: day, mark: count, days_left: count, plan: writtenName }),
    subject: data => `${data.trial_end_date}:${data.mark}`,
    until: data => endOfDay({ day: data.trial_end_date }),
    ...forAdmins,
  }),
  trial_ended: define({
    title: 'Trial ended',
    description: 'When the free trial has ended and runs are refused. One message.',
    data: z.strictObject({ trial_end_date: day, plan: writtenName }),
    subject: data => data.trial_end_date,
    ...forAdmins,
  }),
  payment_failed: define({
    title: 'Payment failed',
    description: 'When an invoice could not be paid. One message for each attempt.',
    data: z.strictObject({
      invoice_id: id,
      attempt: count,
      amount_cents: count,
      currency: z.string().length(3),
      reason: writtenText.nullable(),
      /** Last day on which runs are accepted without payment. */
      runs_until: day.nullable(),
    }),
    subject: data => `${data.invoice_id}:${data.attempt}`,
    ...forAdmins,
  }),
  invitation: define({
    title: 'Invitation',
    description: 'When you are invited to an organization.',
    /** The token is no data: it travels as the message's sealed secret. */
    data: z.strictObject({ ...invited, role, expires_at: instant }),
    subject: data => `${data.member_id}@${data.expires_at}`,
    until: data => new Date(data.expires_at),
    // Anybody may name any address: repeats are for mails that got lost, and more of them a nuisance in our name.
    allowance: { fromOne: 10, fromAll: 30 },
    audience: 'person',
    fixedBecause: 'An invitation can only be accepted through its message.',
  }),
  role_changed: define({
    title: 'Role changed',
    description: 'When someone changes what you may do.',
    data: z.strictObject({ member_id: id, from: role, to: role, changed_by: writtenName, changed_at: instant }),
    subject: data => `${data.member_id}@${data.changed_at}`,
    audience: 'person',
    fixedBecause: 'You should know when someone changes your access.',
  }),
  member_removed: define({
    title: 'Access removed',
    description: 'When someone removes you from the organization.',
    data: z.strictObject({ member_id: id, removed_by: writtenName, removed_at: instant }),
    subject: data => `${data.member_id}@${data.removed_at}`,
    audience: 'person',
    fixedBecause: 'You should know when someone ends your access.',
  }),
  deletion_requested: define({
    title: 'Organization will be deleted',
    description: 'When an owner asks for the organization to be deleted.',
    data: z.strictObject({ requested_by: writtenName, requested_at: instant, final_at: instant }),
    subject: data => data.requested_at,
    audience: 'person',
    fixedBecause: 'Until it is final, any owner can stop it.',
    concerns: owners,
  }),
  deletion_withdrawn: define({
    title: 'Organization stays',
    description: 'When its deletion is stopped.',
    data: z.strictObject({ withdrawn_by: writtenName, withdrawn_at: instant }),
    subject: data => data.withdrawn_at,
    audience: 'person',
    fixedBecause: 'It takes back the message that it will be deleted.',
    concerns: owners,
  }),
} as const;

export type EventName = keyof typeof events;
export type EventData<Name extends EventName> = z.output<(typeof events)[Name]['data']>;

/** Events to one named person. */
export type PersonEventName = {
  [Name in EventName]: (typeof events)[Name]['audience'] extends 'person' ? Name : never;
}[EventName];
/** Events to members by role, which they may turn off. */
export type RoleEventName = Exclude<EventName, PersonEventName>;

export const eventNames = Object.keys(events) as EventName[];
export const isPersonEvent = (name: EventName): name is PersonEventName => events[name].audience === 'person';
/** Events a person can turn off, in the order of the settings page. */
export const roleEventNames = eventNames.filter((name): name is RoleEventName => !isPersonEvent(name));
export const personEventNames = eventNames.filter(isPersonEvent);
