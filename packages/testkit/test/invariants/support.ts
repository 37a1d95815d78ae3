import type { MessageTransport } from '@rserpool/wire';
import { poolHandle } from '@rserpool/wire';
import { PoolWorld } from '../../src/index.ts';
import type { ElementProcess, RegistrarProcess, UserProcess } from '../../src/index.ts';

export const pool = poolHandle('EchoPool');
export const nowhere: MessageTransport = { protocol: 'sctp', port: 1, use: 'data', addresses: ['10.9.9.9'] };

/** Two registrars, an element and a user with a session, all well. */
export class SmallWorld extends PoolWorld {
  readonly registrar: RegistrarProcess;
  readonly other: RegistrarProcess;
  readonly element: ElementProcess;
  readonly user: UserProcess;

  constructor() {
    super({ seed: 1 });
    this.registrar = this.startRegistrar('r1', { registrarId: 1, peers: ['r1', 'r2'] });
    this.other = this.startRegistrar('r2', { registrarId: 2, peers: ['r1', 'r2'] });
    this.clock.runFor(3_000);
    this.element = this.startElement('e1', { pool, elementId: 7, registrars: ['r1'] });
    this.user = this.startUser('u1', { registrars: ['r1'] });
    this.user.openSession(pool);
    this.clock.runFor(10_000); // a keep-alive has told the element who its home is
  }
}
