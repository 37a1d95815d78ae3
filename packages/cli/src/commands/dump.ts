import { Network } from 'rserpool';
import { ExitCode } from '../exit-code.ts';
import { defineCommand } from '../program/define-command.ts';
import { EnrpClient } from '../registrar-view/enrp-client.ts';
import { readRegistrar } from '../registrar-view/read-registrar.ts';
import { printView } from '../registrar-view/registrar-view.ts';
import { flag, integer, withDefault } from '../settings/setting.ts';
import { associationOptions, associationSettings } from '../settings/shared-settings.ts';

/** `rserpool dump`: shows what a running registrar knows. */
export const dumpCommand = defineCommand({
  name: 'dump',
  summary: 'show pools, elements, policies, loads, owners and peers of a running registrar',
  arguments: [
    {
      name: '<address>',
      description:
        'its ENRP endpoint: host:port, or sctp://, tcp:// or tls:// and that (port: 9901, with TLS 9902)',
    },
  ],
  settings: {
    ...associationSettings,
    timeout: withDefault(integer('<ms>', 'how long to wait for each answer', { min: 1 }), 5000),
    json: flag('print one JSON object'),
  },
  logLevel: 'warn',
  examples: [
    ['dump 127.0.0.1', 'what the registrar on this machine knows'],
    ['dump tcp://10.1.1.1', 'a registrar that is reached by TCP'],
    [
      'dump 10.1.1.1 --tls-ca pool-ca.pem --tls-certificate admin.pem --tls-key admin.key',
      'a registrar that speaks TLS and wants certificates',
    ],
    ["dump 10.1.1.1:9901 --json | jq '.pools[].elements | length'", 'elements in each pool'],
  ],
  notes: [
    'Asks over ENRP as a registrar that starts would, so it works with every registrar. While it asks it counts as a peer.',
    'With --http a registrar serves the same JSON as /state.',
  ],
  async run({ output, log }, settings, [address = '']) {
    const network = await Network.open({ log, ...associationOptions(settings, 'connects') });
    const client = new EnrpClient({
      transport: network.transport,
      host: network.host,
      remote: await network.resolve(address, '<address>', 'enrp'),
      remoteText: address,
      ownId: network.host.randomUint32() || 1,
      timeoutMs: settings.timeout,
    });
    try {
      const view = await readRegistrar(client);
      if (settings.json) output.json({ address, ...view });
      else printView(view, output);
    } finally {
      await client.close();
    }
    return ExitCode.ok;
  },
});
