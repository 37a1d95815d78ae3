import type { ComponentStatusReport } from '@rserpool/wire';
import { describe, expect, test } from 'vitest';
import { StatusBoard } from '../src/component-status/status-board.ts';

function report(changes: Partial<ComponentStatusReport> = {}): ComponentStatusReport {
  return {
    type: 'report',
    final: false,
    sender: { group: 1, object: 0x352f7f7bn },
    timeUs: 3_723_000_000n,
    reportIntervalUs: 1_000_000,
    location: 'here',
    status: '3[1] PEs in 2 Pools, 1 Peers',
    workload: 0x7fff,
    associations: [],
    ...changes,
  };
}

describe('the status board', () => {
  test('shows the latest report of each component, by identifier', () => {
    const board = new StatusBoard();
    board.take(report({ sender: { group: 2, object: 5n }, workload: undefined }), '10.0.0.2:1', 0);
    board.take(report({ status: 'old' }), '10.0.0.1:1', 0);
    board.take(report(), '10.0.0.1:1', 1);
    expect(board.rows()).toEqual([
      ['registrar 352f7f7b', '10.0.0.1:1', 'here', '50.0%', '01:02:03', '0', '3[1] PEs in 2 Pools, 1 Peers'],
      ['element 00000005', '10.0.0.2:1', 'here', '-', '01:02:03', '0', '3[1] PEs in 2 Pools, 1 Peers'],
    ]);
  });

  test('forgets a component with its last report', () => {
    const board = new StatusBoard();
    board.take(report(), 's', 0);
    board.take(report({ final: true }), 's', 1);
    expect(board.size).toBe(0);
  });

  test.each([
    [1_000_000, 10_000],
    [60_000_000, 30_000],
  ])('forgets a component with interval %d us after %d ms of silence', (reportIntervalUs, lifeMs) => {
    const board = new StatusBoard();
    board.take(report({ reportIntervalUs }), 's', 0);
    board.purge(lifeMs);
    expect(board.size).toBe(1);
    board.purge(lifeMs + 1);
    expect(board.size).toBe(0);
  });

  test('a flood of made-up components is bounded', () => {
    const board = new StatusBoard();
    for (let object = 0n; object < 5000n; object++)
      board.take(report({ sender: { group: 3, object } }), 's', 0);
    expect(board.size).toBe(4096);
    board.take(report({ sender: { group: 3, object: 7n }, status: 'still heard' }), 's', 0);
    expect(board.rows()[7]?.at(-1)).toBe('still heard');
  });

  test('texts of components cannot move the cursor', () => {
    const board = new StatusBoard();
    board.take(report({ status: '\u001b[2Jgone', location: 'a\u202eb' }), 's', 0);
    expect(board.rows()[0]).toEqual(expect.arrayContaining(['\\u{1b}[2Jgone', 'a\\u{202e}b']));
  });
});
