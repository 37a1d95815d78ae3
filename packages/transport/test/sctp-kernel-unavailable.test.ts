import { expect, it } from 'vitest';
import { SctpKernelTransport } from '../src/sctp-kernel/sctp-kernel-transport.ts';
import { TransportError } from '../src/transport-error.ts';

/** The whole of it is tested in the lab (npm run lab), whose kernel has SCTP. */
it('the transport over kernel SCTP opens, or says what this machine lacks and what to do', async () => {
  const opened: unknown = await SctpKernelTransport.open().catch((reason: unknown) => reason);
  if (opened instanceof SctpKernelTransport) return;
  expect(opened).toBeInstanceOf(TransportError);
  expect(opened).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/modprobe sctp|npm install koffi|expected Linux/) as unknown,
  });
});
