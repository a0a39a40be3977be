'use client';
/** Labelled inputs that show their error and keep what was typed when a submission fails. */
import type { ComponentProps, ReactNode } from 'react';
import { useField } from '@/app/_ui/form-context';

type Common = {
  name: string;
  label: ReactNode;
  /** A sentence under the label. */
  help?: ReactNode;
  optional?: boolean;
};

type TextProps = Common &
  Omit<ComponentProps<'input'>, 'name' | 'children' | 'id'> & {
    type?: 'text' | 'email' | 'url' | 'number' | 'date' | 'password' | 'search';
  };

/** One line of text, a number or a date. A password is never given back after an error. */
export function TextField({ name, label, help, optional, defaultValue, type = 'text', ...rest }: TextProps) {
  const { id, error, kept } = useField(name);
  const initial = type === 'password' ? undefined : kept ? kept[0] : defaultValue;
  return (
    <Frame {...{ id, label, help, error, optional }}>
      <input
        {...rest}
        {...inputProps(id, help, error)}
        type={type}
        name={name}
        defaultValue={initial}
        className="control"
      />
    </Frame>
  );
}

type AreaProps = Common &
  Omit<ComponentProps<'textarea'>, 'name' | 'children' | 'id'> & { secret?: boolean; mono?: boolean };

/** Several lines; `secret` keeps the text out of the answer to a failed submission, `mono` is for code. */
export function TextArea({ name, label, help, optional, defaultValue, secret, mono, ...rest }: AreaProps) {
  const { id, error, kept } = useField(name);
  const initial = secret ? undefined : kept ? kept[0] : defaultValue;
  return (
    <Frame {...{ id, label, help, error, optional }}>
      <textarea
        {...rest}
        {...inputProps(id, help, error)}
        name={name}
        defaultValue={initial}
        className={mono ? 'control font-mono' : 'control'}
      />
    </Frame>
  );
}

type FileProps = Common & Pick<ComponentProps<'input'>, 'accept' | 'required'>;

/** A file of the visitor's; browsers never give one back. */
export function FileField({ name, label, help, optional, ...rest }: FileProps) {
  const { id, error } = useField(name);
  return (
    <Frame {...{ id, label, help, error, optional }}>
      <input {...rest} {...inputProps(id, help, error)} type="file" name={name} className="control" />
    </Frame>
  );
}

export type Option = { value: string; label: string; help?: string; disabled?: boolean };

type SelectProps = Common & { options: readonly Option[]; defaultValue?: string; disabled?: boolean };

export function SelectField({ name, label, help, optional, options, defaultValue, disabled }: SelectProps) {
  const { id, error, kept } = useField(name);
  return (
    <Frame {...{ id, label, help, error, optional }}>
      <select
        {...inputProps(id, help, error)}
        name={name}
        defaultValue={kept ? kept[0] : defaultValue}
        disabled={disabled}
        className="control"
      >
        {options.map(option => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

type GroupProps = Common & {
  options: readonly Option[];
  defaultValues?: readonly string[];
  type?: 'checkbox' | 'radio';
};

/** Checkboxes (or radios) under one legend. */
export function ChoiceGroup({
  name,
  label,
  help,
  optional,
  options,
  defaultValues = [],
  type = 'checkbox',
}: GroupProps) {
  const { id, error, kept } = useField(name);
  const chosen = kept ?? defaultValues;
  return (
    <fieldset
      id={id}
      tabIndex={-1}
      className="flex flex-col gap-1"
      aria-describedby={inputProps(id, help, error)['aria-describedby']}
    >
      <legend className="mb-1 font-medium">
        {label}
        {optional && <span className="font-normal text-muted"> (optional)</span>}
      </legend>
      <Hints {...{ id, help, error }} />
      {options.map(option => (
        <label key={option.value} className="choice">
          <input
            type={type}
            name={name}
            value={option.value}
            defaultChecked={chosen.includes(option.value)}
            disabled={option.disabled}
            aria-invalid={error ? true : undefined}
          />
          <span>
            {option.label}
            {option.help && <span className="block text-muted">{option.help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

type CheckProps = { name: string; label: ReactNode; value?: string; defaultChecked?: boolean; help?: ReactNode };

/** One checkbox with its label. */
export function CheckField({ name, label, value = 'on', defaultChecked, help }: CheckProps) {
  const { id, error, kept } = useField(name);
  return (
    <div className="flex flex-col gap-1">
      <label className="choice">
        <input
          {...inputProps(id, help, error)}
          type="checkbox"
          name={name}
          value={value}
          defaultChecked={kept ? kept.includes(value) : defaultChecked}
        />
        <span>{label}</span>
      </label>
      <Hints {...{ id, help, error }} />
    </div>
  );
}

type FrameProps = Omit<Common, 'name'> & { id: string; error?: string; children: ReactNode };

function Frame({ id, label, help, error, optional, children }: FrameProps) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
        {optional && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      <Hints {...{ id, help, error }} />
      {children}
    </div>
  );
}

function Hints({ id, help, error }: { id: string; help?: ReactNode; error?: string }) {
  return (
    <>
      {help && (
        <p id={`${id}-help`} className="text-muted">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="font-medium text-bad">
          {error}
        </p>
      )}
    </>
  );
}

function inputProps(id: string, help: ReactNode, error: string | undefined) {
  const ids = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { id, 'aria-invalid': error ? true : undefined, 'aria-describedby': ids || undefined };
}
