/** Buttons and links that look like them. */
import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';

/** primary: the one main action; plain: others; danger: destroys; quiet: in rows and bars. */
export type ButtonVariant = 'primary' | 'plain' | 'danger' | 'quiet';

type Look = { variant?: ButtonVariant; icon?: IconName; children: ReactNode };

type ButtonProps = Look & Omit<ComponentProps<'button'>, 'className' | 'disabled'> & { disabledReason?: string };

/** A button without a pending state (see SubmitButton). A disabled one says why, visibly. */
export function Button({ variant = 'plain', icon, children, disabledReason, type = 'button', ...rest }: ButtonProps) {
  const button = (
    <button {...rest} type={type} className={`btn btn-${variant}`} disabled={disabledReason !== undefined}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
  if (disabledReason === undefined) return button;
  return (
    <span className="inline-flex flex-col items-start gap-1">
      {button}
      <span className="text-meta text-muted">{disabledReason}</span>
    </span>
  );
}

/** A link that looks like a button; `external` leaves the portal (plain navigation, arrow icon). */
export function LinkButton({
  variant = 'plain',
  icon,
  children,
  href,
  external,
}: Look & { href: string; external?: boolean }) {
  const content = (
    <>
      {icon && <Icon name={icon} />}
      {children}
      {external && <Icon name="external-link" size={14} />}
    </>
  );
  if (external)
    return (
      <a href={href} className={`btn btn-${variant}`}>
        {content}
      </a>
    );
  return (
    <Link href={href} className={`btn btn-${variant}`}>
      {content}
    </Link>
  );
}
