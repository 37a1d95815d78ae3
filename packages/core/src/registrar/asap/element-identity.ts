import type { Element } from '../../handlespace/element.ts';
import { addressesOf, shareAddress } from '../addresses.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { AsapLink } from './asap-link.ts';
import type { ElementMonitor } from './element-monitor.ts';

/**
 * Who speaks for an element that is registered already:
 * - `itself`: the association that registered it; or one from its addresses while none that registered it is up (it lost
 *   that one, its registrar was taken over, or its home is a peer, see RFC 5352 section 3.1 rule 4);
 * - `contested`: one from its addresses while the one that registered it is up: a half-open association, or two elements
 *   with one identifier;
 * - `stranger`: one from elsewhere.
 */
export type Identity = 'itself' | 'contested' | 'stranger';

export function identify(
  core: RegistrarCore,
  monitor: ElementMonitor,
  link: AsapLink,
  element: Element,
): Identity {
  const registeredBy = monitor.linkOf(element);
  if (registeredBy === link) return 'itself';
  if (core.settings.checkAddresses && !comesFrom(link, element)) return 'stranger';
  // An association that this registrar opened proves that the element lives, not which one it uses itself.
  const isAttached = registeredBy?.up === true && registeredBy.openedTo === undefined;
  return isAttached && element.homeRegistrarId === core.id ? 'contested' : 'itself';
}

function comesFrom(link: AsapLink, element: Element): boolean {
  const { addresses } = link.channel.remote;
  return (
    shareAddress(addresses, addressesOf(element.userTransport)) ||
    shareAddress(addresses, element.asapTransport?.addresses ?? [])
  );
}
