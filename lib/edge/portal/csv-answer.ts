/** The answer of a route whose rows are asked for as a file. */

/** A CSV file of this name (without its ending), sent as it is made. */
export const csvAnswer = (name: string, pieces: AsyncIterable<string>) => ({
  status: 200,
  pieces,
  headers: {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  },
});
