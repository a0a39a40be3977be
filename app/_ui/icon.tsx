/** A lucide icon as plain SVG, drawn on the server or inside an island. */
import { createElement } from 'react';
import { iconData } from '@/app/_ui/icon-data';

export type IconName = keyof typeof iconData;

type Props = {
  name: IconName;
  /** Side length in px; 16 beside text. */
  size?: number;
  className?: string;
  /** Accessible name; leave out when text beside the icon says the same. */
  label?: string;
};

export function Icon({ name, size = 16, className = '', label }: Props) {
  const naming = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or hidden beside its text.
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      className={className ? `icon ${className}` : 'icon'}
      {...naming}
    >
      {iconData[name].map(([tag, attributes], index) => createElement(tag, { key: `${tag}${index}`, ...attributes }))}
    </svg>
  );
}
