/** Filters of a list: a GET form, and the active ones as chips that can be taken off one by one. */
import { FilterForm } from '@/app/_ui/filter-form';
import { formatDate } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';

export type FilterField =
  | { type: 'search'; name: string; label: string; placeholder?: string }
  | { type: 'date'; name: string; label: string }
  /** Set by a link from elsewhere: it stays when others change, and its chip takes it off. */
  | { type: 'kept'; name: string; label: string }
  | {
      type: 'select';
      name: string;
      label: string;
      /** The option with value '' is the default (for example "Active") and makes no chip. */
      options: readonly { value: string; label: string }[];
      /** Its options are names that people give: on a wide page the longest one does not take other fields' place. */
      isCut?: boolean;
    };

type Props = {
  path: string;
  params: ListParams;
  fields: readonly FilterField[];
  /** Parameters that are not filters and stay when the form is sent. */
  keep?: readonly string[];
  /** Id of the list that is dimmed while the answer is awaited. */
  resultsId?: string;
};

export function FilterBar({ path, params, fields, keep = ['sort', 'dir', 'limit'], resultsId = 'results' }: Props) {
  const chips = fields.flatMap(field => {
    const value = params[field.name];
    return value ? [{ name: field.name, text: `${field.label}: ${valueText(field, value)}` }] : [];
  });
  const cleared = Object.fromEntries(fields.map(field => [field.name, undefined]));
  return (
    <search className="flex flex-col gap-3">
      {/* A new key lets the fields take the values of the new address. */}
      <FilterForm key={JSON.stringify(params)} action={path} resultsId={resultsId}>
        {keep.map(name => params[name] && <input key={name} type="hidden" name={name} value={params[name]} />)}
        {fields.map(
          field =>
            field.type === 'kept' &&
            params[field.name] && <input key={field.name} type="hidden" name={field.name} value={params[field.name]} />,
        )}
        {fields.filter(isInput).map(field => (
          <div key={field.name} className={`flex flex-col gap-1 ${fieldWidth(field)}`}>
            <label htmlFor={`filter-${field.name}`} className="text-meta text-muted">
              {field.label}
            </label>
            <FilterInput field={field} value={params[field.name]} />
          </div>
        ))}
        <button type="submit" className="btn btn-plain">
          <Icon name="search" />
          Apply
        </button>
      </FilterForm>
      {chips.length > 0 && (
        <ul className="flex flex-wrap items-center gap-2" aria-label="Active filters">
          {chips.map(chip => (
            <li key={chip.name} className="min-w-0">
              <Link className="chip" href={hrefWith(path, params, { [chip.name]: undefined })}>
                <span className="sr-only">Remove filter </span>
                <span className="truncate">{chip.text}</span>
                <Icon name="x" size={14} />
              </Link>
            </li>
          ))}
          <li>
            <Link className="btn btn-quiet" href={hrefWith(path, params, cleared)}>
              Clear all
            </Link>
          </li>
        </ul>
      )}
    </search>
  );
}

type InputField = Exclude<FilterField, { type: 'kept' }>;
const isInput = (field: FilterField): field is InputField => field.type !== 'kept';

/** A search takes what the others leave; on a wide page that may be little, so that all stand in one row. */
function fieldWidth(field: InputField): string {
  if (field.type === 'search') return 'grow basis-52 xl:basis-32';
  return field.type === 'select' && field.isCut ? 'xl:max-w-32' : '';
}

function FilterInput({ field, value }: { field: InputField; value: string | undefined }) {
  switch (field.type) {
    case 'select':
      return (
        <select id={`filter-${field.name}`} className="control" name={field.name} defaultValue={value ?? ''}>
          {field.options.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      );
    case 'search':
      return (
        <input
          className="control"
          type="search"
          id={`filter-${field.name}`}
          name={field.name}
          defaultValue={value}
          placeholder={field.placeholder}
          maxLength={200}
        />
      );
    case 'date':
      return (
        <input className="control" type="date" id={`filter-${field.name}`} name={field.name} defaultValue={value} />
      );
    default:
      return field satisfies never;
  }
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

function valueText(field: FilterField, value: string): string {
  if (field.type !== 'search' && dayPattern.test(value)) return formatDate(value);
  return (field.type === 'select' && field.options.find(option => option.value === value)?.label) || value;
}
