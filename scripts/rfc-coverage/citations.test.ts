import { expect, test } from 'vitest';
import { findCitations } from './citations.ts';

const found: [string, string, string][] = [
  ['one section', '// see RFC 5352 section 3.1, R2.2.', '5352 3.1'],
  ['a list', 'RFC 5356 sections 4.1.2, 4.2.2 and 5.1.2', '5356 4.1.2, 5356 4.2.2, 5356 5.1.2'],
  ['a list with a comma before its last', 'RFC 5356 sections 3.1, and 3.2', '5356 3.1, 5356 3.2'],
  ['a range of siblings', 'RFC 5354 sections 3.9 to 3.11', '5354 3.9, 5354 3.10, 5354 3.11'],
  [
    'a section of the document named last',
    'RFC 5353 section 2.1 ... (section 3.4.1)',
    '5353 2.1, 5353 3.4.1',
  ],
  ['over the end of a comment line', ' * (RFC 5353\n * section 3.2.3)', '5353 3.2.3'],
  ['over the end of a line comment', '  // RFC 5353 sections 3.1\n  // and 3.2', '5353 3.1, 5353 3.2'],
  ['one section where "and" goes on', 'RFC 5352 section 5 and RFC 5354 section 4', '5352 5, 5354 4'],
  ['a column of a table', "describe('RFC 5356', ...) { section: '4.1.3', more }", '5356 4.1.3'],
  ['another RFC', 'RFC 791 section 3.2, RFC 6298 section 2', '791 3.2, 6298 2'],
  ['not what is no number', 'RFC 5352: this section has', ''],
  ['not what is of something else', 'RFC 5352; rsplib.md section 2.10, papers/000 section 5.3', ''],
  ['not what is said to be of something else', 'RFC 5352; sections 2 and 8 of /shared/rsplib.md', ''],
];

test.each(found)('finds %s', (_what, text, expected) => {
  const { citations, problems } = findCitations(text, 'file.ts');
  expect(citations.map(({ rfc, section }) => `${rfc} ${section}`).join(', ')).toBe(expected);
  expect(problems).toEqual([]);
});

test('takes the name of a test file for a citation, and for the document of those alone', () => {
  const text = "// RFC 5354 section 3.12.4\nit('... (section 2.2.1)')";
  const { citations } = findCitations(text, 'rfc5352-3.1-registration.test.ts');
  expect(citations).toEqual([
    { rfc: 5352, section: '3.1' },
    { rfc: 5354, section: '3.12.4' },
    { rfc: 5352, section: '2.2.1' },
  ]);
});

test('takes sections alone for those of the subject of a file, if it has one', () => {
  const text = '// RFC 6951 section 5.4\n// Section 8.3, and RFC 9260 sections 5.1 and 5.2; section 6.1';
  const { citations } = findCitations(text, 'file.ts', 9260);
  expect(citations.map(({ rfc, section }) => `${rfc} ${section}`).join(', ')).toBe(
    '6951 5.4, 9260 8.3, 9260 5.1, 9260 5.2, 9260 6.1',
  );
});

test.each([
  ['a section of no document', '(section 3.2)', 'cites section 3.2 of no document'],
  [
    'a range of sections that are no siblings',
    'RFC 5356 sections 4.1.4 to 5.4.4',
    'cites RFC 5356 sections 4.1.4 to 5.4.4: not a range of siblings',
  ],
])('complains of %s', (_what, text, problem) => {
  expect(findCitations(text, 'file.ts')).toEqual({ citations: [], problems: [problem] });
});
