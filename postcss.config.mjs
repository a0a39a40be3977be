/** Tailwind 4 is the only PostCSS plugin; the theme itself is in app/_ui/css/tokens.css. */
export default { plugins: { '@tailwindcss/postcss': {} } };
