/** The pages of "Agent log" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

export const agentLogPages = [
  { id: 'tools', href: '/agent-log', label: 'Tools' },
  { id: 'sessions', href: '/agent-log/sessions', label: 'Sessions' },
  { id: 'errors', href: '/agent-log/errors', label: 'Errors' },
  { id: 'snapshots', href: '/agent-log/snapshots', label: 'Snapshots' },
  { id: 'settings', href: '/agent-log/settings', label: 'Settings' },
] as const;

export function AgentLogTabs({ current }: { current: (typeof agentLogPages)[number]['id'] }) {
  return (
    <Tabs
      label="Agent log"
      items={agentLogPages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
