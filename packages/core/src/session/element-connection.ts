import type { MessageTransport } from '@rserpool/wire';
import type { Association, AssociationHandler, Message } from '../port/association.ts';
import type { DownReason } from '../port/channel.ts';

/** A pool element that a session is, was or may become connected to. */
export interface SessionElement {
  readonly elementId: number;
  readonly transport: MessageTransport;
}

/** Opens an association to a pool element, as {@link TransportPort.connect} does. */
export type ElementConnector = (remote: MessageTransport, handler: AssociationHandler) => Association;

/** An association to one element whose handler changes: first it is the search's, and when it is up the session's. */
export class ElementConnection implements AssociationHandler {
  readonly element: SessionElement;
  readonly association: Association;
  #handler: AssociationHandler | undefined;

  constructor(element: SessionElement, connect: ElementConnector, handler: AssociationHandler) {
    this.element = element;
    this.#handler = handler;
    this.association = connect(element.transport, this);
  }

  moveTo(handler: AssociationHandler): void {
    this.#handler = handler;
  }

  /** Ends it, and nobody wants to hear of it any more. */
  discard(): void {
    this.#handler = undefined;
    this.association.abort();
  }

  onUp(): void {
    this.#handler?.onUp();
  }

  onMessage(message: Message): void {
    this.#handler?.onMessage(message);
  }

  onWritable(): void {
    this.#handler?.onWritable();
  }

  onDown(reason: DownReason, undelivered: readonly Message[]): void {
    this.#handler?.onDown(reason, undelivered);
  }
}
