/** Where a text cites an RFC, in a comment or in the name of a test. */
interface Citation {
  readonly rfc: number;
  /** `3.2.2.1` */
  readonly section: string;
}

export interface FoundCitations {
  readonly citations: readonly Citation[];
  /** What is written like a citation but cannot be followed, for people. */
  readonly problems: readonly string[];
}

const number = String.raw`\d+(?:\.\d+)*`;
const list = String.raw`${number}(?:(?:, and |, | and | to )${number})*`;
/** A document, or the section numbers that belong to the document named before. */
const token = new RegExp(
  [
    String.raw`\bRFC (?<rfc>\d{3,4})\b`,
    String.raw`(?<other>\brsplib\.md|\bpapers/\d+|\bdraft-[a-z0-9-]+)`,
    String.raw`\bsections? ${list} of \S*(?<ofOther>rsplib\.md)`,
    String.raw`\b[Ss]ections (?<sections>${list})`,
    String.raw`\b[Ss]ection(?: |: ')(?<section>${number})`,
  ].join('|'),
  'g',
);
const testOfSection = new RegExp(String.raw`^rfc(\d{4})-(${number})-`);

/**
 * Finds `RFC 5352 section 3.1`, `RFC 5356 sections 4.1.2, 4.2.2 and 5.1.2`, `sections 3.12.1 to 3.12.11` (siblings), and `section 2.2.1`
 * alone, which is of the document that was named last.
 * @param fileName that of a test like `rfc5352-3.1-registration.test.ts` is a citation too, and names the document of sections alone
 * @param subject the RFC that sections alone are of, where the file name names none. Default: the document that was named last.
 */
export function findCitations(text: string, fileName: string, subject?: number): FoundCitations {
  const citations: Citation[] = [];
  const problems: string[] = [];
  const [, fileRfc, fileSection] = testOfSection.exec(fileName) ?? [];
  if (fileSection !== undefined) citations.push({ rfc: Number(fileRfc), section: fileSection });
  const ofAlone = fileRfc === undefined ? subject : Number(fileRfc);
  let document: number | 'other' | undefined;
  let documentEnd = 0;
  for (const { groups = {}, index, 0: found } of oneLine(text).matchAll(token)) {
    const numbers = groups['sections'] ?? groups['section'];
    if (numbers === undefined) {
      document = groups['rfc'] === undefined ? 'other' : Number(groups['rfc']);
      documentEnd = index + found.length;
      continue;
    }
    const isAlone = index > documentEnd + 1;
    const rfc = isAlone ? (ofAlone ?? document) : document;
    if (rfc === undefined) problems.push(`cites section ${numbers} of no document`);
    if (rfc === undefined || rfc === 'other') continue;
    const expanded = expand(numbers);
    if (expanded === undefined)
      problems.push(`cites RFC ${rfc} sections ${numbers}: not a range of siblings`);
    for (const section of expanded ?? []) citations.push({ rfc, section });
  }
  return { citations, problems };
}

/** Citations run over the ends of lines: without line breaks and what comments begin with. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*(?:\*+|\/\/)? ?/g, ' ');
}

/** `3.1, 3.4 to 3.6` as a list of sections; undefined where the ends of a range have different parents. */
function expand(numbers: string): string[] | undefined {
  const sections: string[] = [];
  for (const part of numbers.split(/, and |, | and /)) {
    const [first = '', last = first] = part.split(' to ');
    const range = siblings(first, last);
    if (range === undefined) return undefined;
    sections.push(...range);
  }
  return sections;
}

function siblings(first: string, last: string): string[] | undefined {
  const [parent, from] = split(first);
  const [otherParent, to] = split(last);
  if (parent !== otherParent || to < from) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => `${parent}${from + index}`);
}

function split(section: string): [parent: string, last: number] {
  const dot = section.lastIndexOf('.') + 1;
  return [section.slice(0, dot), Number(section.slice(dot))];
}
