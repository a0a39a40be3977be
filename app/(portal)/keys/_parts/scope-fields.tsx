'use client';
/** What a new key may do: a preset, or scopes by subject. Without our script CSS alone hides what is not chosen; without both all is there. */
import { ChoiceGroup, type Option } from '@/app/_ui/field';
import { useField } from '@/app/_ui/form-context';

export type ScopeGroup = { subject: string; options: readonly Option[] };

type Props = {
  presets: readonly Option[];
  groups: readonly ScopeGroup[];
  /** Scopes ticked under Custom before anything is chosen. */
  defaultScopes: readonly string[];
  credentials: readonly Option[];
};

export function ScopeFields({ presets, groups, defaultScopes, credentials }: Props) {
  return (
    <div className="group/scopes flex flex-col gap-4">
      <ChoiceGroup
        type="radio"
        name="preset"
        label="What it may do"
        options={presets}
        defaultValues={presets.slice(0, 1).map(({ value }) => value)}
      />
      <div className="flex flex-col gap-4 group-has-[[name=preset]:checked:not([value=custom])]/scopes:hidden">
        <Scopes groups={groups} defaultScopes={defaultScopes} />
        {credentials.length > 0 && (
          <div className="group-has-[[value='credentials:read']:not(:checked)]/scopes:hidden">
            <ChoiceGroup
              name="credential_ids"
              label="Credentials"
              optional
              help="The key fetches only the ones chosen here; all of them where none is chosen."
              options={credentials}
            />
          </div>
        )}
      </div>
    </div>
  );
}

function Scopes({ groups, defaultScopes }: Pick<Props, 'groups' | 'defaultScopes'>) {
  const { id, error, kept } = useField('scopes');
  const chosen = kept ?? defaultScopes;
  return (
    <fieldset id={id} tabIndex={-1} aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="mb-1 font-medium">Scopes</legend>
      {error && (
        <p id={`${id}-error`} className="font-medium text-bad">
          {error}
        </p>
      )}
      <div className="grid gap-x-8 gap-y-4 pt-1 sm:grid-cols-2">
        {groups.map(({ subject, options }) => (
          <fieldset key={subject}>
            <legend className="text-muted">{subject}</legend>
            {options.map(option => (
              <label key={option.value} className="choice">
                <input
                  type="checkbox"
                  name="scopes"
                  value={option.value}
                  defaultChecked={chosen.includes(option.value)}
                  aria-invalid={error ? true : undefined}
                />
                <span>
                  <code>{option.label}</code>
                  {option.help && <span className="block text-meta text-muted">{option.help}</span>}
                </span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
    </fieldset>
  );
}
