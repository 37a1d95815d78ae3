// A registrar of the endurance run.
import { Registrar } from 'rserpool';
import type { RegistrarProcessOptions } from '../process-options.ts';
import { associationTiming, registrarTimers, transport } from '../settings.ts';
import { log, obey, processOptions, tell } from './child.ts';

const { registrarId, asap, enrp, advertisedEnrp, peers } = processOptions() as RegistrarProcessOptions;
const registrar = await Registrar.start({
  registrarId,
  asap,
  enrp,
  peers,
  advertise: { enrp: advertisedEnrp },
  transport,
  timers: registrarTimers,
  timing: associationTiming,
  log,
});
registrar.on('event', ({ type, ...fields }) => {
  if (type !== 'registered' || !('again' in fields && fields.again)) log('info', type, fields);
});
obey(
  () => 0,
  ({ type }) => {
    if (type === 'view') tellView();
  },
);
tell({ type: 'ready' });

function tellView(): void {
  const { id, ready, pools, peers: peerViews } = registrar.state;
  const elements = pools.flatMap((pool) =>
    pool.elements.map(({ elementId, homeRegistrarId }) => [elementId, homeRegistrarId] as const),
  );
  elements.sort(([one], [other]) => one - other);
  const peerIds = peerViews.map(({ registrarId: peerId }) => peerId).sort((one, other) => one - other);
  tell({ type: 'view', view: { registrarId: id, ready, elements, peers: peerIds } });
}
