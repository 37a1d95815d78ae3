import { compare } from './main-path.ts';
import { comparison, report } from './report.ts';
import { ServerProcess } from './server-process.ts';
import { updateRing } from './workload.ts';

const pool = 'pool';
const clients = 64;
const elementsEach = 156;

/** Load updates: 64 clients re-register 10,000 elements with changing loads, into a registrar that replicates to a second one. */
export async function measureUpdates(isShort: boolean): Promise<void> {
  const second = await ServerProcess.registrar({ registrarId: 2 });
  const registrar = await ServerProcess.registrar({ registrarId: 1, peers: [second.ready.enrp] });
  const rings = Array.from({ length: clients }, (_, client) =>
    updateRing(
      pool,
      Array.from({ length: elementsEach }, (_, index) => client * elementsEach + index + 1),
    ),
  );
  const requestBytes = (rings[0]?.frameBytes ?? 0) - 12;
  for (const window of isShort ? [1] : [1, 16]) {
    const contest = { registrar, rings, requestBytes, answerBytes: 20 };
    const compared = await compare(contest, window, isShort ? 1 : 5, isShort ? 400 : 1_500);
    report('load update, replicated to a second registrar', {
      elements: clients * elementsEach,
      clients,
      outstandingEach: window,
      requestBytes,
      answerBytes: 20,
      ...comparison(compared),
    });
  }
  await registrar.stop();
  await second.stop();
}
