/** What was just done, with the button that undoes what was turned off. */
import { Form } from '@/app/_ui/form';
import { Notice } from '@/app/_ui/notice';
import { SubmitButton } from '@/app/_ui/submit-button';
import type { FormAction } from '@/lib/edge/portal/form-state';

type Undo = { action: FormAction; customerId: string; hidden: Record<string, string> };

export function DoneNotice({ sentence, undo }: { sentence: string; undo: Undo | false }) {
  const button = undo && (
    <Form {...undo} className="inline-flex">
      <SubmitButton variant="plain" pending="Turning on…">
        Undo
      </SubmitButton>
    </Form>
  );
  return (
    <Notice tone="ok" action={button} closable>
      {sentence}
    </Notice>
  );
}
