import { expect, it } from 'vitest';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { VirtualGroup } from '../../src/world/virtual-group.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';

it('a group delivers to all living members but the sender, not over a cut link, not after leaving', () => {
  const clock = new VirtualClock(1);
  const network = new VirtualNetwork(clock);
  const group = new VirtualGroup<string>();
  const seen: string[] = [];
  const join = (address: string): (() => void) =>
    group.join(network.node(address), (message, source) =>
      seen.push(`${address} hears ${message} from ${source}`),
    );
  for (const address of ['a', 'b', 'c', 'd']) join(address);
  const leave = join('e');

  network.cut('a', 'c');
  network.kill('d');
  group.send(network.node('a'), 'hello');
  leave();
  clock.runUntilIdle();
  expect(seen).toEqual(['b hears hello from a']);

  network.heal('c', 'a'); // lost datagrams stay lost
  group.send(network.node('b'), 'again');
  clock.runUntilIdle();
  expect(seen.slice(1).sort()).toEqual(['a hears again from b', 'c hears again from b']);
});
