import type { MessageTransport } from './transport.ts';

/** Server Information parameter (RFC 5354 section 3.11): a registrar and where its ENRP endpoint is reached. */
export interface ServerInformation {
  readonly registrarId: number;
  readonly transport: MessageTransport;
}
