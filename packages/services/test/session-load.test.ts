import type { Policy } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { SessionLoad } from '../src/session-load.ts';

function recorded(policy: Policy, maxSessions: number) {
  const load = new SessionLoad(policy, maxSessions);
  const policies: Policy[] = [];
  load.tell({ updatePolicy: (updated) => policies.push(updated) });
  return { load, policies };
}

test('the load is the share of the sessions that the element takes (RFC 5356 section 3.1)', () => {
  const { load, policies } = recorded({ name: 'least-used', load: 0 }, 4);
  load.sessionOpened();
  load.sessionOpened();
  load.sessionClosed();
  for (let session = 0; session < 3; session++) load.sessionOpened();
  expect(policies.map((policy) => ('load' in policy ? policy.load : undefined))).toEqual([
    0x40000000, 0x80000000, 0x40000000, 0x80000000, 0xbfffffff, 0xffffffff,
  ]);
});

test('other values of the policy stay', () => {
  const { load } = recorded({ name: 'least-used-degradation', load: 7, degradation: 9 }, 1);
  expect(load.policy).toEqual({ name: 'least-used-degradation', load: 0, degradation: 9 });
});

test('a policy without a load is not registered again', () => {
  const { load, policies } = recorded({ name: 'weighted-round-robin', weight: 3 }, 4);
  load.sessionOpened();
  expect(policies).toEqual([]);
  expect(load.policy).toEqual({ name: 'weighted-round-robin', weight: 3 });
});

test('sessions that came before the element was registered count', () => {
  const load = new SessionLoad({ name: 'least-used', load: 0 }, 2);
  const policies: Policy[] = [];
  load.sessionOpened();
  load.tell({ updatePolicy: (policy) => policies.push(policy) });
  expect(policies).toEqual([{ name: 'least-used', load: 0x80000000 }]);
});
