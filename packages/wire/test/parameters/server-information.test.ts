import { decodeEnrp } from '../../src/index.ts';
import { message, parameter, patched } from '../build.ts';
import { decodedServer, elementId, ipv4, sctp, serverInformation, udp } from '../samples.ts';
import { testParameter } from './parameter-tables.ts';

const tcp = parameter(0x5, '26ad0000', ipv4);

// RFC 5354 section 3.11.
testParameter({
  name: 'Server Information',
  carrier: (server) => message(0x01, 0, '00000001 00000000', server),
  decode: decodeEnrp,
  value: (message) => message.type === 'presence' && message.server,
  accepts: [
    ['with an SCTP transport', serverInformation, decodedServer],
    [
      'with a TCP transport',
      parameter(0xb, '00000003', tcp),
      { registrarId: 3, transport: { protocol: 'tcp', port: 9901, use: 'data', addresses: ['192.0.2.1'] } },
    ],
    [
      'with unrecognized parameters',
      parameter(0xb, '00000003', parameter(0x80ff), sctp, parameter(0x80ff)),
      decodedServer,
    ],
  ],
  rejects: [
    ['of length 0', patched(serverInformation, 2, 0), patched(serverInformation, 2, 0), 'got 0'],
    ['cut in its fields', parameter(0xb, '0000'), parameter(0xb, '0000').subarray(0, 6), 'too few'],
    [
      'without a transport',
      parameter(0xb, '00000003'),
      parameter(0xb, '00000003'),
      'a server transport, got none',
    ],
    ['with two transports', parameter(0xb, '00000003', sctp, tcp), tcp, 'again'],
    ['with a UDP transport', parameter(0xb, '00000003', udp), udp, 'does not belong'],
    ['with a PE Identifier', parameter(0xb, '00000003', sctp, elementId), elementId, 'does not belong'],
  ],
});
