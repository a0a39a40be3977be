/** What was just done with a config, told from the config as it is; turning off can be undone. */
import { DoneNotice } from '@/app/_ui/done-notice';
import type { FoundConfig } from '@/app/(portal)/providers/_parts/provider-page';
import { enableConfigAction } from '@/app/(portal)/providers/actions';
import { configProviderTitles } from '@/lib/domains/providers/rules';

type Props = {
  done: string | undefined;
  config: FoundConfig;
  customerId: string;
  mayWrite: boolean;
  from: 'list' | 'config';
};

function sentenceOf(done: string, { name, provider, is_active }: FoundConfig): string | null {
  switch (done) {
    case 'created':
      return `${name} is stored and ${is_active ? 'on' : 'off'}.`;
    case 'saved':
      return 'The changes are saved.';
    case 'duplicated':
      return `${name} is a copy and off: look it over, then turn it on.`;
    case 'on':
      return is_active ? `${name} is on.` : null;
    case 'off':
      return is_active
        ? null
        : `${name} is off. Pipelines of ${configProviderTitles[provider]} stop running by it. Data stays. You can turn it on again.`;
    case 'slack':
      return 'A test message is on its way to Slack.';
    default:
      return null;
  }
}

export function Told({ done, config, customerId, mayWrite, from }: Props) {
  const sentence = done ? sentenceOf(done, config) : null;
  if (!sentence) return null;
  const action = enableConfigAction;
  const undo = done === 'off' && mayWrite && { action, customerId, hidden: { config_id: config.config_id, from } };
  return <DoneNotice sentence={sentence} undo={undo} />;
}
