// The entry of the worker thread in which the ASAP side of a pool element runs (see worker-agent.ts). It is started by our own code only,
// so that what it is given and told needs no checks.
import { parentPort, workerData } from 'node:worker_threads';
import { startElementAgent } from './element-agent.ts';
import type { ElementAgent } from './element-agent.ts';
import { Network } from './network.ts';
import type { WorkerCommand, WorkerReport, WorkerStart } from './worker-agent-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('element-agent-worker: runs in a worker thread only');
const report = (message: WorkerReport): void => port.postMessage(message);

function obey(agent: ElementAgent, command: WorkerCommand): void {
  switch (command.type) {
    case 'update-policy':
      return agent.updatePolicy(command.policy);
    case 'drain':
      return agent.drain();
    case 'stop':
      return agent.stop();
  }
}

const start = workerData as WorkerStart;
try {
  const network = await Network.open(
    { ...start.network, log: (level, event, fields) => report({ type: 'log', level, event, fields }) },
    start.endpoints,
  );
  const agent = await startElementAgent(network, start.agent, (event, state) => {
    report({ type: 'event', event, state });
    if (event.type === 'stopped') port.close(); // the thread ends when nothing else keeps it
  });
  port.on('message', (command: WorkerCommand) => obey(agent, command));
  report({ type: 'started', state: agent.state });
} catch (thrown) {
  report({ type: 'start-failed', text: thrown instanceof Error ? thrown.message : String(thrown) });
}
