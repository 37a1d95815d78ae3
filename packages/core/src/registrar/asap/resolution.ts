import { CauseCode } from '@rserpool/wire';
import type {
  HandleResolution,
  HandleResolutionResponse,
  PoolElementParameter,
  PoolHandle,
} from '@rserpool/wire';
import { elementBytes, elementBytesPerMessage } from '../message-size.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { AsapLink } from './asap-link.ts';
import type { Subscriptions } from './subscriptions.ts';

/**
 * Handle resolutions (RFC 5352 section 3.3): answered, or rejected because the pool is unknown or a limit exceeded (RFC 5354
 * sections 3.12.11 and 3.12.7).
 */
export class Resolutions {
  readonly #core: RegistrarCore;
  readonly #subscriptions: Subscriptions;

  constructor(core: RegistrarCore, subscriptions: Subscriptions) {
    this.#core = core;
    this.#subscriptions = subscriptions;
  }

  resolve(link: AsapLink, message: HandleResolution): void {
    const { settings, statistics } = this.#core;
    const { poolHandle, subscribe } = message;
    statistics.resolutions++;
    if (!link.resolutions.take()) {
      this.#reject(link, poolHandle, CauseCode.lackOfResources);
      return;
    }
    const items = message.items ?? settings.defaultResolutionItems;
    const response = resolutionResponse(this.#core, poolHandle, items);
    if (response === undefined) {
      this.#reject(link, poolHandle, CauseCode.unknownPoolHandle);
      return;
    }
    const subscribed = subscribe && this.#subscriptions.add(link, poolHandle, items);
    link.send(subscribed ? { ...response, subscribed } : response);
  }

  #reject(link: AsapLink, poolHandle: PoolHandle, causeCode: number): void {
    const { settings, statistics } = this.#core;
    statistics.countRejection(causeCode);
    link.send(negativeResponse(poolHandle, causeCode));
    settings.onEvent({
      type: 'rejected',
      request: 'resolution',
      poolHandle,
      causeCode,
      from: link.channel.remote,
    });
  }
}

/**
 * A selection of at most `items` elements; undefined for an unknown pool and one without usable elements. The policy
 * parameter is always there: its values are those of the first element, its type is what counts.
 */
export function resolutionResponse(
  core: RegistrarCore,
  poolHandle: PoolHandle,
  items: number,
): HandleResolutionResponse | undefined {
  const { handlespace, settings } = core;
  const elements: PoolElementParameter[] = [];
  let roomBytes = elementBytesPerMessage;
  for (const element of handlespace.select(poolHandle, Math.min(items, settings.limits.resolutionItems))) {
    const parameter = handlespace.toUserView(element);
    roomBytes -= elementBytes(parameter);
    if (roomBytes < 0) break;
    elements.push(parameter);
  }
  const policy = elements[0]?.policy;
  if (policy === undefined) return undefined;
  return { type: 'handle-resolution-response', subscribed: false, poolHandle, policy, elements, causes: [] };
}

export function negativeResponse(poolHandle: PoolHandle, causeCode: number): HandleResolutionResponse {
  const causes = [{ code: causeCode, data: new Uint8Array() }];
  return { type: 'handle-resolution-response', subscribed: false, poolHandle, elements: [], causes };
}
