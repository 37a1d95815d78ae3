import type { AsapMessage } from '@rserpool/wire';
import { RegistrarHunt } from '../../src/registrar-hunt/registrar-hunt.ts';
import type { RegistrarHuntOptions } from '../../src/registrar-hunt/registrar-hunt-options.ts';
import type { AsapWorld, CountingHost } from './asap-world.ts';

/** A hunt and what it told. */
export interface Hunter {
  readonly hunt: RegistrarHunt;
  readonly host: CountingHost;
  readonly homes: string[];
  readonly messages: AsapMessage[];
  lost: number;
}

export function hunter(
  world: AsapWorld,
  options: Partial<RegistrarHuntOptions> = {},
  address = 'me',
): Hunter {
  const host = world.host(address);
  const homes: string[] = [];
  const messages: AsapMessage[] = [];
  const result: Hunter = {
    host,
    homes,
    messages,
    lost: 0,
    hunt: new RegistrarHunt(
      host,
      { registrars: [], ...options },
      {
        onHome: (channel) => homes.push(channel.remote.addresses[0] ?? ''),
        onLost: () => result.lost++,
        onMessage: (message) => messages.push(message),
      },
    ),
  };
  return result;
}
