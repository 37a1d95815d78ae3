/*
 * Writes docs/rfc-coverage.md: section by section what implements and what tests the RFCs of RSerPool.
 *
 *     npx tsx scripts/rfc-coverage.ts            writes the page, and says what is missing
 *     npx tsx scripts/rfc-coverage.ts --check    writes nothing; fails where the page is stale or something is missing
 */
import { writeOrCheck } from './rfc-coverage/coverage-page.ts';
import { notes } from './rfc-coverage/notes.ts';
import { rfcs } from './rfc-coverage/sections.ts';

writeOrCheck({
  path: 'docs/rfc-coverage.md',
  title: 'RFC coverage',
  command: 'npx tsx scripts/rfc-coverage.ts',
  notesPath: 'scripts/rfc-coverage/notes.ts',
  citation: 'RFC 5352 section 3.1',
  rfcs,
  notes,
  isSubjectOf: (packageName) => packageName !== 'sctp', // which has a page of its own
});
