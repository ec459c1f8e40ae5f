/**
 * The head comment of the source that defines an air, as Markdown. Heads have the form that every chip follows: what the
 * chip is, then Assumes, Ensures, Proof and Padding, each indented to column 9, with numbered steps where there are any.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readText } from './markdown.ts';

export interface AirHead {
  /** Path of the source. */
  readonly file: string;
  /** What the chip is: Markdown paragraphs. */
  readonly what: string;
  /** Assumes, Ensures, Proof, Padding: title and Markdown. */
  readonly contract: readonly (readonly [title: string, text: string])[];
}

/**
 * Heads of the airs with these names, from all sources of chips and precompiles. A name that is a template stands for
 * every name that it matches and that no source has literally.
 */
export function airHeads(names: readonly string[]): ReadonlyMap<string, AirHead> {
  const files = ['vm/chips', 'precompiles']
    .flatMap((layer) =>
      readdirSync(join(ROOT, layer), { recursive: true, encoding: 'utf8' }).map((f) => `${layer}/${f}`),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort();
  const sources = files.map((file) => ({ file, text: readText(file) }));
  const constants = new Map(
    sources.flatMap(({ text }) => [...text.matchAll(/const (\w+) = '([\w-]+)'/g)].map((m) => [m[1]!, m[2]!] as const)),
  );
  const heads = new Map<string, AirHead>();
  const families: (readonly [name: RegExp, head: AirHead])[] = [];
  for (const { file, text } of sources) {
    for (const [, literal, constant] of text.matchAll(/(?:defineAir|fixedTable)\(\{\s*name: (?:'([\w-]+)'|(\w+))/g)) {
      const name = literal ?? constants.get(constant!);
      if (name !== undefined) heads.set(name, { file, ...parseHead(text) });
    }
    // A family of tables, each named after its bus.
    if (/fixedTable\(\{[\s.{]*name: bus\.name/.test(text)) {
      for (const [, name] of text.matchAll(/defineBus\('([\w-]+)'/g)) heads.set(name!, { file, ...parseHead(text) });
    }
    for (const [, start, end] of text.matchAll(/(?:defineAir|fixedTable)\(\{\s*name: `([\w-]+)\$\{[^`]*\}([\w-]*)`/g)) {
      families.push([new RegExp(`^${start}.+${end}$`), { file, ...parseHead(text) }]);
    }
  }
  // The longest pattern first: `bf16-..-table` before `bf16-..`.
  families.sort(([a], [b]) => b.source.length - a.source.length);
  for (const name of names) {
    const family = families.find(([pattern]) => pattern.test(name));
    if (!heads.has(name) && family !== undefined) heads.set(name, family[1]);
  }
  return heads;
}

/** The head of one source. */
export const headOf = (file: string): AirHead => ({ file, ...parseHead(readText(file)) });

function parseHead(source: string): Omit<AirHead, 'file'> {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^ ?\*? ?/, '').trimEnd());
  const sections: { title: string; lines: string[] }[] = [{ title: '', lines: [] }];
  for (const line of lines) {
    const start = /^(Assumes|Ensures|Proof|Padding|Assumes, Ensures, Padding:)\s+(.*)$/.exec(line);
    if (start) sections.push({ title: start[1]!.replace(':', ''), lines: [start[2]!] });
    else sections.at(-1)!.lines.push(sections.length === 1 ? line : line.replace(/^ {9}/, ''));
  }
  const [what, ...contract] = sections;
  return {
    what: paragraphs(what!.lines),
    contract: contract.map(({ title, lines: text }) => [title, paragraphs(text)]),
  };
}

/** Joins lines to paragraphs and list items; aligned columns stay as they are, in a code block. */
function paragraphs(lines: readonly string[]): string {
  return lines
    .join('\n')
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      if (/\S {2,}\S/.test(block)) return `\`\`\`text\n${block}\n\`\`\``;
      const items = block.replaceAll(/\n {3}(?=\S)/g, ' ').split('\n');
      return items
        .reduce(
          (text, item) => `${text}${/^\d+\. /.test(item) ? (text === '' ? '' : '\n') : text === '' ? '' : ' '}${item}`,
          '',
        )
        .replace(/^([^\d][^\n]*)\n(?=1\. )/, '$1\n\n');
    })
    .map((block) => (block.startsWith('```') ? block : escapeMarkdown(block)))
    .join('\n\n');
}

/** Text of a comment as Markdown: only code spans and numbered lists mean something in it. */
export const escapeMarkdown = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[*_<[\]]/g, '\\$&')))
    .join('');
