import { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import { type Parameter, encodeUint16List, encodeUint32, encodeValue } from './parameter.ts';

/** A parameter of a RE-CONFIG chunk (RFC 6525 section 4). A sequence number counts the requests of one side. */
export type ReConfigParameter =
  /** Outgoing SSN Reset Request (section 4.1): the sender starts its stream sequence numbers anew. */
  | {
      readonly kind: 'outgoing-ssn-reset';
      readonly requestSequence: number;
      /** Of the Incoming SSN Reset Request that it answers; else the last one received. */
      readonly responseSequence: number;
      readonly lastAssignedTsn: number;
      /** None: all. */
      readonly streamIds: readonly number[];
    }
  /** Incoming SSN Reset Request (section 4.2): the receiver is to do so. */
  | {
      readonly kind: 'incoming-ssn-reset';
      readonly requestSequence: number;
      /** None: all. */
      readonly streamIds: readonly number[];
    }
  /** SSN/TSN Reset Request (section 4.3). */
  | { readonly kind: 'ssn-tsn-reset'; readonly requestSequence: number }
  /** Re-configuration Response (section 4.4). */
  | {
      readonly kind: 'response';
      readonly responseSequence: number;
      /** 0: nothing to do, 1: performed, 2: denied, 3: wrong stream, 4: another request is in progress, 5: bad sequence number, 6: in progress. */
      readonly result: number;
      /** Both with the answer to an SSN/TSN Reset Request. */
      readonly nextTsns?: { readonly senders: number; readonly receivers: number };
    }
  /** Add Outgoing Streams Request (section 4.5) and Add Incoming Streams Request (section 4.6). */
  | {
      readonly kind: 'add-outgoing-streams' | 'add-incoming-streams';
      readonly requestSequence: number;
      readonly newStreams: number;
    };

/** The current parameter; undefined where its type is none of RFC 6525's. Throws MalformedChunk. */
export function readReConfigParameter(reader: ParameterReader): ReConfigParameter | undefined {
  switch (reader.type) {
    case ParameterType.outgoingSsnReset:
      reader.expectValueAtLeast(12);
      return {
        kind: 'outgoing-ssn-reset',
        requestSequence: reader.view.getUint32(reader.value),
        responseSequence: reader.view.getUint32(reader.value + 4),
        lastAssignedTsn: reader.view.getUint32(reader.value + 8),
        streamIds: reader.uint16List(12),
      };
    case ParameterType.incomingSsnReset:
      reader.expectValueAtLeast(4);
      return {
        kind: 'incoming-ssn-reset',
        requestSequence: reader.view.getUint32(reader.value),
        streamIds: reader.uint16List(4),
      };
    case ParameterType.ssnTsnReset:
      return { kind: 'ssn-tsn-reset', requestSequence: reader.uint32() };
    case ParameterType.reConfigResponse:
      return readResponse(reader);
    case ParameterType.addOutgoingStreams:
      return readAddStreams(reader, 'add-outgoing-streams');
    case ParameterType.addIncomingStreams:
      return readAddStreams(reader, 'add-incoming-streams');
    default:
      return undefined;
  }
}

export function reConfigParameter(parameter: ReConfigParameter): Parameter {
  switch (parameter.kind) {
    case 'outgoing-ssn-reset': {
      const value = encodeUint16List(parameter.streamIds, 12);
      const view = new DataView(value.buffer);
      view.setUint32(0, parameter.requestSequence);
      view.setUint32(4, parameter.responseSequence);
      view.setUint32(8, parameter.lastAssignedTsn);
      return { type: ParameterType.outgoingSsnReset, value };
    }
    case 'incoming-ssn-reset': {
      const value = encodeUint16List(parameter.streamIds, 4);
      new DataView(value.buffer).setUint32(0, parameter.requestSequence);
      return { type: ParameterType.incomingSsnReset, value };
    }
    case 'ssn-tsn-reset':
      return { type: ParameterType.ssnTsnReset, value: encodeUint32(parameter.requestSequence) };
    case 'response': {
      const { responseSequence, result, nextTsns } = parameter;
      const value = encodeValue(nextTsns === undefined ? 8 : 16, (view) => {
        view.setUint32(0, responseSequence);
        view.setUint32(4, result);
        if (nextTsns === undefined) return;
        view.setUint32(8, nextTsns.senders);
        view.setUint32(12, nextTsns.receivers);
      });
      return { type: ParameterType.reConfigResponse, value };
    }
    case 'add-outgoing-streams':
    case 'add-incoming-streams': {
      const value = encodeValue(8, (view) => {
        view.setUint32(0, parameter.requestSequence);
        view.setUint16(4, parameter.newStreams);
      });
      const isOutgoing = parameter.kind === 'add-outgoing-streams';
      return {
        type: isOutgoing ? ParameterType.addOutgoingStreams : ParameterType.addIncomingStreams,
        value,
      };
    }
  }
}

function readResponse(reader: ParameterReader): ReConfigParameter {
  const { view, value } = reader;
  const hasNextTsns = reader.end - value > 8;
  reader.expectValue(hasNextTsns ? 16 : 8);
  return {
    kind: 'response',
    responseSequence: view.getUint32(value),
    result: view.getUint32(value + 4),
    ...(hasNextTsns && {
      nextTsns: { senders: view.getUint32(value + 8), receivers: view.getUint32(value + 12) },
    }),
  };
}

function readAddStreams(
  reader: ParameterReader,
  kind: 'add-outgoing-streams' | 'add-incoming-streams',
): ReConfigParameter {
  reader.expectValue(8);
  const { view, value } = reader;
  return { kind, requestSequence: view.getUint32(value), newStreams: view.getUint16(value + 4) };
}
