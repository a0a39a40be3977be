/** Jobs of the month's events. */
import { tellEventUse } from '@/lib/domains/events/volume/tell-use';
import { defineJob } from '@/lib/kernel/jobs';

export const tellEventUseJob = defineJob({
  name: 'event_volume.tell_use',
  schedule: '* * * * *',
  description: 'Tells members when a month’s events reach 80 % and 100 % of the limit.',
  run: ctx => tellEventUse({ clock: ctx.clock }),
});
