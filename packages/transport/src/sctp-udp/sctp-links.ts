import type { SharedLink } from '@rserpool/sctp';
import type { IpAddress } from '@rserpool/wire';
import type { LinkShare } from './link-share.ts';

/** An SCTP port on a link. */
export interface TakenPort {
  readonly link: SharedLink;
  readonly port: number;
  /** The link is not needed any more. */
  readonly giveBack: () => void;
}

/** The links that a transport's endpoints are on. */
export interface SctpLinks {
  /** For an association that is opened without an endpoint. @throws SctpError */
  forClient(): TakenPort;
  /** For an endpoint at these addresses; port 0 chooses one. @throws SctpError */
  forEndpoint(addresses: readonly IpAddress[], port: number): TakenPort;
}

/** @throws SctpError */
export function takePort<Link extends SharedLink>(
  share: LinkShare<Link>,
  choose: (link: Link) => number,
): TakenPort {
  const link = share.take();
  const giveBack = (): void => share.giveBack();
  try {
    return { link, port: choose(link), giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
}
