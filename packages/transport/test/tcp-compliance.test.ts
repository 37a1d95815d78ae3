import { transportCompliance } from '@rserpool/testkit';
import { describe, it } from 'vitest';
import { preSharedKeyTls } from '../src/tcp/tls-options.ts';
import { tcpWorld } from './support/tcp-world.ts';

const key = new TextEncoder().encode('a key of the pool, 32 bytes long');
const tls = preSharedKeyTls({
  identity: 'element',
  key,
  keyOf: (name) => (name === 'element' ? key : undefined),
});

transportCompliance('TCP', () => tcpWorld({}), { describe, it });
transportCompliance('TLS with pre-shared keys', () => tcpWorld({ tls }), { describe, it });
