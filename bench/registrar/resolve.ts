import { fill, ask } from './fill.ts';
import { compare } from './main-path.ts';
import { comparison, report } from './report.ts';
import { ServerProcess } from './server-process.ts';
import { resolutionRing } from './workload.ts';

const pool = 'pool';
const clients = 64;
const elements = 10_000;

/** Handle resolutions: 64 clients, one pool of 10,000 elements; one item, and as many as the registrar gives by default. */
export async function measureResolutions(isShort: boolean): Promise<void> {
  const registrar = await ServerProcess.registrar();
  const members = Array.from({ length: elements }, (_, index) => ({ pool, elementId: index + 1 }));
  const filled = await fill(registrar, members, { name: 'round-robin' });
  for (const items of [1, undefined]) {
    const ring = resolutionRing([pool], items);
    const request = ring.bytes.subarray(12, ring.frameBytes);
    const { message, sizeBytes } = await ask(registrar, request);
    if (message.type !== 'handle-resolution-response') throw new Error(`answered by ${message.type}`);
    const contest = {
      registrar,
      rings: Array.from({ length: clients }, () => ring),
      requestBytes: request.length,
      answerBytes: sizeBytes,
    };
    for (const window of isShort ? [1] : [1, 16]) {
      const compared = await compare(contest, window, isShort ? 1 : 5, isShort ? 400 : 1_500);
      report('handle resolution', {
        elements,
        items: message.elements.length,
        clients,
        outstandingEach: window,
        requestBytes: request.length,
        answerBytes: sizeBytes,
        ...comparison(compared),
      });
    }
  }
  filled.close();
  await registrar.stop();
}
