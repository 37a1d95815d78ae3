import { expect, test } from 'vitest';
import { PoolElement, Registrar } from '../src/index.ts';

test.each(['sctp-udp', 'tcp'] as const)(
  'over %s the association with the registrar ends in order when an element has deregistered',
  async (transport) => {
    const warnings: unknown[] = [];
    const log = (level: string, event: string, fields?: object): void => {
      if (level === 'warn' || level === 'error') warnings.push({ event, ...fields });
    };
    const registrar = await Registrar.start({ asap: '127.0.0.1:0', enrp: '127.0.0.1:0', transport, log });
    const element = await PoolElement.register({
      registrars: [registrar.asapAddress],
      pool: 'Short',
      serve: () => undefined,
      transport,
      log,
    });
    await element.deregister();
    await registrar.stop();
    expect(warnings).toEqual([]);
  },
);
