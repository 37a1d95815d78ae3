import { transportCompliance } from '@rserpool/testkit';
import { describe, it } from 'vitest';
import { sctpWorld } from './support/sctp-world.ts';

transportCompliance('SCTP over UDP', sctpWorld, { describe, it });
