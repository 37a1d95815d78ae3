import { decodeSocketAddress } from '../linux/socket-address.ts';
import {
  NotificationType,
  addressChanges,
  associationChangeLayout,
  associationChanges,
  notificationLayout,
  partialDeliveryLayout,
  peerAddressChangeLayout,
  remoteErrorLayout,
  sendFailedLayout,
  shutdownLayout,
} from './sctp-structures.ts';
import type { Message } from '@rserpool/core';

/** What the kernel tells about associations (RFC 6458 section 6.1). */
export type Notification =
  | AssociationChange
  | {
      readonly type: 'peer-address-change';
      readonly associationId: number;
      readonly address: string;
      readonly state: (typeof addressChanges)[number];
    }
  /** One fragment of a message that did not arrive; those of a message come one after the other. */
  | {
      readonly type: 'send-failed';
      readonly associationId: number;
      /** The number that the message was sent with. */
      readonly context: number;
      readonly fragment: Message;
    }
  | { readonly type: 'remote-error'; readonly associationId: number; readonly cause: number }
  /** The peer has begun to shut down: nothing more can be sent. */
  | { readonly type: 'shutdown'; readonly associationId: number }
  /** The rest of the message that is being received will not come. */
  | { readonly type: 'partial-delivery-aborted'; readonly associationId: number }
  | { readonly type: 'other'; readonly associationId: undefined };

export interface AssociationChange {
  readonly type: 'association-change';
  readonly associationId: number;
  readonly state: (typeof associationChanges)[number];
  /** An ABORT chunk with a cause has ended it. One without cause, such as of a peer that knows nothing of it, is told like silence. */
  readonly isAborted: boolean;
  readonly outboundStreams: number;
}

/** @param bytes kept by what is returned: not to be changed */
export function decodeNotification(bytes: Uint8Array): Notification {
  switch (notificationLayout.read(bytes, 'type')) {
    case NotificationType.associationChange:
      return associationChange(bytes);
    case NotificationType.peerAddressChange:
      return peerAddressChange(bytes);
    case NotificationType.sendFailed:
      return sendFailed(bytes);
    case NotificationType.remoteError:
      return {
        type: 'remote-error',
        associationId: remoteErrorLayout.read(bytes, 'associationId'),
        cause: remoteErrorLayout.read(bytes, 'error'),
      };
    case NotificationType.shutdown:
      return { type: 'shutdown', associationId: shutdownLayout.read(bytes, 'associationId') };
    case NotificationType.partialDelivery:
      return {
        type: 'partial-delivery-aborted',
        associationId: partialDeliveryLayout.read(bytes, 'associationId'),
      };
    default:
      return { type: 'other', associationId: undefined };
  }
}

function associationChange(bytes: Uint8Array): Notification {
  const state = associationChanges[associationChangeLayout.read(bytes, 'state')];
  if (state === undefined) return { type: 'other', associationId: undefined };
  return {
    type: 'association-change',
    associationId: associationChangeLayout.read(bytes, 'associationId'),
    state,
    // The kernel appends the causes of the ABORT chunk.
    isAborted:
      bytes.length > associationChangeLayout.sizeBytes || associationChangeLayout.read(bytes, 'error') !== 0,
    outboundStreams: associationChangeLayout.read(bytes, 'outboundStreams'),
  };
}

function peerAddressChange(bytes: Uint8Array): Notification {
  const state = addressChanges[peerAddressChangeLayout.read(bytes, 'state')];
  const address = decodeSocketAddress(bytes.subarray(peerAddressChangeLayout.offsets.address));
  if (state === undefined || address === undefined) return { type: 'other', associationId: undefined };
  const associationId = peerAddressChangeLayout.read(bytes, 'associationId');
  return { type: 'peer-address-change', associationId, address: address.address, state };
}

function sendFailed(bytes: Uint8Array): Notification {
  return {
    type: 'send-failed',
    associationId: sendFailedLayout.read(bytes, 'associationId'),
    context: sendFailedLayout.read(bytes, 'context'),
    fragment: {
      payloadProtocolId: sendFailedLayout.read(bytes, 'payloadProtocolId'),
      streamId: sendFailedLayout.read(bytes, 'streamId'),
      data: bytes.subarray(sendFailedLayout.sizeBytes),
    },
  };
}
