/** Whether a config is on, in words, with the button that turns it off or on; it works without scripts. */
import { Form } from '@/app/_ui/form';
import { StatusBadge } from '@/app/_ui/status-badge';
import { SubmitButton } from '@/app/_ui/submit-button';
import { disableConfigAction, enableConfigAction } from '@/app/(portal)/providers/actions';

type Props = {
  config: { config_id: string; name: string; is_active: boolean };
  customerId: string;
  /** False for who may not change it: then the state stands alone. */
  maySwitch: boolean;
  /** Where the person is and lands again. */
  from: 'list' | 'config';
};

export function SwitchForm({ config: { config_id, name, is_active }, customerId, maySwitch, from }: Props) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <StatusBadge status={is_active ? 'on' : 'off'} />
      {maySwitch && (
        <Form
          action={is_active ? disableConfigAction : enableConfigAction}
          customerId={customerId}
          hidden={{ config_id, from }}
          className="flex flex-col gap-2"
        >
          <SubmitButton variant="plain" pending={is_active ? 'Turning off…' : 'Turning on…'}>
            {is_active ? 'Turn off' : 'Turn on'}
            <span className="sr-only"> {name}</span>
          </SubmitButton>
        </Form>
      )}
    </span>
  );
}
