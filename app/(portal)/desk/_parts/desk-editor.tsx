'use client';
/** The editor: a text area that is as tall as its text beside line numbers, what a text would cost, and where it was refused. */
import { type KeyboardEvent, useActionState, useId, useRef, useState } from 'react';
import { SubmitButton } from '@/app/_ui/submit-button';
import { DeskAnswer } from '@/app/(portal)/desk/_parts/desk-answer';
import type { DeskState } from '@/app/(portal)/desk/_parts/desk-state';
import { keepText, putBack } from '@/app/(portal)/desk/_parts/kept-text';

type Props = {
  action: (before: DeskState, data: FormData) => Promise<DeskState>;
  initial: DeskState;
  customerId: string;
  idempotencyKey: string;
  rowChoices: readonly number[];
  /** Whose text it is, for the browser that keeps it. */
  keptAs: string;
  /** Whether nothing was opened: what was typed before is put back. */
  isEmpty: boolean;
};

/** Longer texts go without numbers beyond it. */
const numbers = Array.from({ length: 999 }, (_, line) => line + 1).join('\n');

export function DeskEditor({ action, initial, customerId, idempotencyKey, rowChoices, keptAs, isEmpty }: Props) {
  const [state, submit] = useActionState(action, initial);
  /** The answer that the text has been changed since. */
  const [changed, setChanged] = useState<DeskState>();
  const colours = useRef<HTMLPreElement>(null);
  const id = useId();
  const isChanged = changed === state;
  const runsNext = state.checked?.fits === true && !isChanged;
  return (
    // What was typed stays as it is: React would empty the form after each answer.
    <form action={submit} onReset={event => event.preventDefault()} className="flex min-w-0 flex-col gap-4">
      <input type="hidden" name="customer_id" value={customerId} />
      <input type="hidden" name="idempotency_key" value={idempotencyKey} />
      {/* A page that comes back from the history of the browser asks anew. */}
      <input type="hidden" name="opened" ref={stampOnce} />
      <input type="hidden" name="attempt" value={state.attempt} />
      <div className="flex flex-col gap-2">
        <label htmlFor={id} className="sr-only">
          Query
        </label>
        <div className="editor">
          <div className="editor-lines" aria-hidden="true">
            <span>{numbers}</span>
          </div>
          <pre className="editor-colours" aria-hidden="true" ref={colours} />
          <textarea
            id={id}
            name="sql"
            ref={putBack}
            data-kept={keptAs}
            data-empty={isEmpty && state === initial ? '' : undefined}
            rows={12}
            required
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            aria-describedby={`${id}-help`}
            aria-invalid={state.refused && !isChanged ? true : undefined}
            placeholder="Write a SELECT, or begin with an example."
            defaultValue={state.sql}
            onInput={event => {
              setChanged(state);
              keepText(event.currentTarget);
            }}
            onKeyDown={runByKeys}
            onFocus={event => colour(event.currentTarget, colours.current)}
          />
        </div>
        <p id={`${id}-help`} className="text-meta text-muted">
          One SELECT over your own tables. <span className="needs-script">Ctrl Enter or ⌘ Enter runs it.</span>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <label className="mr-auto flex items-center gap-2 text-muted">
          Rows
          <select name="limit" className="control w-auto" defaultValue={state.limit}>
            {rowChoices.map(rows => (
              <option key={rows} value={rows}>
                {rows.toLocaleString('en-US')}
              </option>
            ))}
          </select>
        </label>
        <SubmitButton name="intent" value="check" pending="Checking…" variant={runsNext ? 'plain' : 'primary'}>
          Check
        </SubmitButton>
        <SubmitButton name="intent" value="run" pending="Running…" variant={runsNext ? 'primary' : 'plain'}>
          Run
        </SubmitButton>
      </div>
      <DeskAnswer state={state} isChanged={isChanged} />
    </form>
  );
}

function stampOnce(field: HTMLInputElement | null): void {
  if (field?.value === '') field.value = String(Date.now());
}

function runByKeys(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  const { form } = event.currentTarget;
  form?.requestSubmit(form.querySelector<HTMLButtonElement>('button[value="run"]'));
}

/** Colours come with the first focus; a browser whose text areas do not grow with their text goes without. */
function colour(area: HTMLTextAreaElement, colours: HTMLElement | null): void {
  if (!colours || colours.dataset.of || !CSS.supports('field-sizing', 'content')) return;
  colours.dataset.of = area.id;
  void import('@/app/(portal)/desk/_parts/colour-editor').then(({ colourEditor }) => colourEditor(area, colours));
}
