/** How many rows a page of a list may have: chosen below the list, kept in the address and remembered in this browser. */
export const pageSizes = ['25', '50', '100'] as const;
export type PageSize = (typeof pageSizes)[number];

/** Of lists whose address names none. */
export const usualSize: PageSize = '50';

/** Holds the size that was chosen last. */
export const pageSizeCookie = 'rows';

/** The size that a text names; undefined for any other. */
export const toPageSize = (text: string | null | undefined): PageSize | undefined =>
  pageSizes.find(size => size === text);
