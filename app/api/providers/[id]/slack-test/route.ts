/** POST: sends a test message to the config's Slack channel. */
import { testSlack } from '@/lib/domains/providers/slack/test-slack';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Send a test message to Slack',
  method: 'POST',
  command: testSlack,
  ids: { config_id: 'id' },
});
