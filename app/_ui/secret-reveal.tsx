'use client';
/** Shows a secret the only time there is: selectable without our script, guarded against leaving before it is stored. */
import { Component, lazy, type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import { CopyButton } from '@/app/_ui/copy-button';
import type { RevealedSecret } from '@/lib/edge/portal/form-state';

const FirstCall = lazy(() => import('@/app/_ui/first-call').then(loaded => ({ default: loaded.FirstCall })));

/** Shows nothing where its content cannot be loaded: the secret beside it is shown only now. */
class Optional extends Component<{ children: ReactNode }> {
  override state = { failed: false };
  static getDerivedStateFromError = () => ({ failed: true });
  override render = () => (this.state.failed ? null : this.props.children);
}

/** The secret, and below it how a key is used; a script that does not load costs only the latter. */
export function SecretReveal(secret: RevealedSecret) {
  const { firstCall, value } = secret;
  if (!firstCall) return <SecretForm {...secret} />;
  return (
    <div className="flex flex-col gap-6">
      <SecretForm {...secret} />
      <Optional>
        <FirstCall call={firstCall} secret={value} />
      </Optional>
    </div>
  );
}

function SecretForm({ label, value, envName, beside, doneHref, goneHref }: RevealedSecret) {
  const [stored, setStored] = useState(false);
  const [refused, setRefused] = useState(false);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
    if (goneHref) window.history.replaceState(null, '', goneHref);
  }, [goneHref]);
  const noun = label.replace(/^(?:API|Webhook) /, '');
  useLeaveGuard(!stored, noun);
  return (
    <form
      action={doneHref}
      method="get"
      className="form"
      onSubmit={event => {
        if (stored) return;
        event.preventDefault();
        setRefused(true);
      }}
    >
      <div role="status" className="notice tone-ok">
        <span className="font-semibold">
          {noun.charAt(0).toUpperCase() + noun.slice(1)} created. This is the only time you can see it.
        </span>
      </div>
      <Line id={`${id}-value`} label={label} value={value} noun={noun} inputRef={field} />
      {beside && <Line id={`${id}-beside`} label={beside.label} value={beside.value} noun="address" />}
      {envName && <Line id={`${id}-env`} label=".env line" value={`${envName}=${value}`} noun="line" />}
      <label className="choice">
        <input
          type="checkbox"
          aria-describedby={refused && !stored ? `${id}-error` : undefined}
          aria-invalid={(refused && !stored) || undefined}
          onChange={event => setStored(event.target.checked)}
        />
        I stored this {noun} in a safe place
      </label>
      {refused && !stored && (
        <p id={`${id}-error`} role="alert" className="font-medium text-bad">
          Tick the box, or rotate the {noun} later.
        </p>
      )}
      <div>
        <button type="submit" className="btn btn-primary">
          Done
        </button>
      </div>
    </form>
  );
}

type LineProps = { id: string; label: string; value: string; noun: string; inputRef?: Ref<HTMLInputElement> };

function Line({ id, label, value, noun, inputRef }: LineProps) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          ref={inputRef}
          id={id}
          readOnly
          value={value}
          autoComplete="off"
          spellCheck={false}
          className="control min-w-0 flex-1 basis-60 font-mono"
          onFocus={event => event.target.select()}
        />
        <CopyButton value={value} label={`Copy ${label}`} noun={noun} />
      </div>
    </div>
  );
}

/** Asks before the tab closes or a link leaves, as long as `active`. */
function useLeaveGuard(active: boolean, noun: string) {
  useEffect(() => {
    if (!active) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element && event.target.closest('a[href]');
      if (!link || event.ctrlKey || event.metaKey || link.getAttribute('href')?.startsWith('#')) return;
      if (window.confirm(`This is the only time you can see this ${noun}. Leave without storing it?`)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, true);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, true);
    };
  }, [active, noun]);
}
