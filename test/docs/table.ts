/** Markdown tables. */

const cell = (text: string | number): string => `${text}`.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Columns whose heading ends in `#` hold numbers and are aligned to the right. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [
    line(headings.map((heading) => heading.replace(/#$/, ''))),
    `|${headings.map((heading) => (heading.endsWith('#') ? '---:' : '---')).join('|')}|`,
    ...rows.map(line),
  ].join('\n');
}

/** A number with at most one decimal, thousands apart. */
export const numberText = (value: number): string => {
  const [whole, fraction] = (Math.round(value * 10) / 10).toString().split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};
