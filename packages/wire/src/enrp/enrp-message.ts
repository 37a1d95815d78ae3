import type { EnrpError } from './enrp-error.ts';
import type { HandleTableRequest } from './handle-table-request.ts';
import type { HandleTableResponse } from './handle-table-response.ts';
import type { HandleUpdate } from './handle-update.ts';
import type { ListRequest } from './list-request.ts';
import type { ListResponse } from './list-response.ts';
import type { Presence } from './presence.ts';
import type { InitTakeover, InitTakeoverAck, TakeoverServer } from './takeover.ts';

/** Any ENRP message (RFC 5353 section 2). */
export type EnrpMessage =
  | Presence
  | HandleTableRequest
  | HandleTableResponse
  | HandleUpdate
  | ListRequest
  | ListResponse
  | InitTakeover
  | InitTakeoverAck
  | TakeoverServer
  | EnrpError;
