import { isDeepStrictEqual } from 'node:util';
import type { AsapMessage, MessageTransport, Policy } from '@rserpool/wire';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';

/** A resolution gives elements as their registrar has them at that moment: transport, load, distance and life. */
export class GivenAsRegistered extends Invariant {
  readonly name = 'given-as-registered';

  override onAsapSent(by: WorldProcess, _to: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'handle-resolution-response') return;
    const registrar = this.world.process(by.name);
    if (registrar?.kind !== 'registrar') return;
    const { handlespace } = registrar.engine;
    for (const given of message.elements) {
      const element = handlespace.find(message.poolHandle, given.elementId);
      if (element === undefined) continue; // the business of another invariant
      const isSame =
        given.registrationLifeMs === element.registrationLifeMs &&
        isDeepStrictEqual(given.userTransport, element.userTransport) &&
        isDeepStrictEqual(given.policy, withDistance(element.policy, element.distanceMs));
      if (!isSame) {
        this.violated(
          `${by.name} gave ${elementKey(message.poolHandle, given.elementId)} otherwise than it is registered`,
        );
      }
    }
  }
}

/** Policies that regard distance tell users the one from their registrar. */
function withDistance(policy: Policy, distanceMs: number): Policy {
  return 'distanceMs' in policy ? { ...policy, distanceMs } : policy;
}
