/*
 * Writes docs/rfc9260-coverage.md: section by section what implements and what tests SCTP.
 *
 *     npx tsx scripts/sctp-coverage.ts            writes the page, and says what is missing
 *     npx tsx scripts/sctp-coverage.ts --check    writes nothing; fails where the page is stale or something is missing
 */
import { writeOrCheck } from './rfc-coverage/coverage-page.ts';
import { sctpNotes } from './rfc-coverage/sctp-notes.ts';
import { sctpRfcs } from './rfc-coverage/sctp-sections.ts';

writeOrCheck({
  path: 'docs/rfc9260-coverage.md',
  title: 'RFC 9260 coverage',
  command: 'npx tsx scripts/sctp-coverage.ts',
  notesPath: 'scripts/rfc-coverage/sctp-notes.ts',
  citation: 'RFC 9260 section 5.4',
  rfcs: sctpRfcs,
  notes: sctpNotes,
  isSubjectOf: (packageName) => packageName === 'sctp',
  subjectOf: (path) => (/\/src\/(association|endpoint)\//.test(path) ? 9260 : undefined),
});
