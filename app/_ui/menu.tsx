/** A button with a list of links and buttons under it: native popover, no script, closes on Esc and outside click. */
import { Fragment, type ReactNode, useId } from 'react';
import { Icon, type IconName } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';

export type MenuItem =
  | { type: 'link'; label: string; href: string; icon?: IconName; danger?: boolean }
  /** A form's or dialog's own button; give it the class `menu-item`. */
  | { type: 'custom'; key: string; content: ReactNode };

type Props = {
  /**
   * Of a menu in the frame, which stays while pages change: React numbers its own ids anew for each page that comes, so that
   * one of the frame's would be had twice.
   */
  id?: string;
  /** Accessible name of the trigger: "Actions for ci-loader". */
  name: string;
  /** Visible content of the trigger; three dots when left out. */
  trigger?: ReactNode;
  /** Dangerous ones last. */
  items: readonly MenuItem[];
  /** Edge of the trigger the menu lines up with. */
  align?: 'start' | 'end';
};

export function Menu({ id: given, name, trigger, items, align = 'end' }: Props) {
  const own = useId();
  const id = given ?? own;
  return (
    <>
      <button
        type="button"
        className={`btn btn-quiet ${trigger ? '' : 'btn-icon'}`}
        aria-label={name}
        popoverTarget={id}
      >
        {trigger ?? <Icon name="ellipsis" />}
      </button>
      <div id={id} popover="auto" className="menu" data-side={align === 'start' ? 'start' : undefined}>
        <ul>
          {items.map(item => (
            <Fragment key={item.type === 'link' ? item.href + item.label : item.key}>
              <li>{item.type === 'link' ? <MenuLink {...item} /> : item.content}</li>
            </Fragment>
          ))}
        </ul>
      </div>
    </>
  );
}

function MenuLink({ label, href, icon, danger }: { label: string; href: string; icon?: IconName; danger?: boolean }) {
  return (
    <Link className="menu-item" href={href} data-danger={danger}>
      {icon && <Icon name={icon} />}
      {label}
    </Link>
  );
}
