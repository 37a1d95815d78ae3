import Table from 'cli-table3';
import { jsonText } from './json-text.ts';

/** Where a command's results go: standard output, and nothing else goes there (logs go to standard error). */
export interface Output {
  line(text: string): void;
  /** One line of JSON. */
  json(value: unknown): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  /** Fires when nobody reads any more (`rserpool decode … | head`): there is no point in going on. */
  readonly closed: AbortSignal;
}

/** The part of a stream that {@link streamOutput} needs. */
export interface OutputStream {
  write(text: string): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Output to a stream. A reader that went away (EPIPE) ends it quietly; any other error is thrown. */
export function streamOutput(stream: OutputStream): Output {
  const closing = new AbortController();
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
    closing.abort();
  });
  const line = (text: string): void => {
    if (!closing.signal.aborted) stream.write(`${text}\n`);
  };
  return {
    line,
    json: (value) => line(jsonText(value)),
    table: (head, rows) => line(tableText(head, rows)),
    closed: closing.signal,
  };
}

const noFrame = { top: '', bottom: '', left: '', right: '', mid: '' };

/** Columns without frames: easy to read and to cut apart. */
function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      ...noFrame,
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      'left-mid': '',
      'mid-mid': '',
      'right-mid': '',
      middle: '',
    },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((row) => row.trimEnd())
    .join('\n');
}
