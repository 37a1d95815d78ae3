// A registrar in a process of its own, as `rserpool registrar` runs it.
//   argument: RegistrarProcessOptions as JSON
import { Registrar } from 'rserpool';
import { serveParent } from './server-protocol.ts';

export interface RegistrarProcessOptions {
  /** ENRP addresses of other registrars. */
  readonly peers?: readonly string[];
  /** Default 1. */
  readonly registrarId?: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as RegistrarProcessOptions;
const startedAtMs = performance.now();
const registrar = await Registrar.start({
  registrarId: options.registrarId ?? 1,
  transport: 'tcp', // as what it is compared with
  asap: '127.0.0.1:0',
  enrp: '127.0.0.1:0',
  peers: options.peers ?? [],
  // The elements of the load do not answer keep-alives; none is due while the measurement lasts. 64 clients that ask as fast as
  // they can must not meet the limits that protect a registrar from one such client.
  timers: { keepAliveIntervalMs: 3_600_000 },
  limits: { resolutionsPerSecond: 10_000_000, resolutionsBurst: 10_000_000, elementsPerChannel: 100_000 },
});
if (registrar.engine.phase !== 'serving') {
  await new Promise<void>((resolve) => {
    registrar.on('event', (event) => {
      if (event.type === 'serving') resolve();
    });
  });
}
const port = Number(registrar.asapAddress.split(':').at(-1));
const startMs = performance.now() - startedAtMs;
serveParent({ port, enrp: registrar.enrpAddress, startMs }, () => registrar.engine.handlespace.elementCount);
