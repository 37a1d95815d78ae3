import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, endianness, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { controlHeaderLayout, messageHeaderLayout, vectorLayout } from '../src/linux/message-calls.ts';
import type { StructLayout } from '../src/linux/struct-layout.ts';
import * as sctp from '../src/sctp-kernel/sctp-structures.ts';

/** Ours, the kernel's, and the kernel's names of our fields, in order. */
const structures: readonly (readonly [StructLayout<string>, string, string])[] = [
  [
    messageHeaderLayout,
    'msghdr',
    'msg_name msg_namelen msg_iov msg_iovlen msg_control msg_controllen msg_flags',
  ],
  [vectorLayout, 'iovec', 'iov_base iov_len'],
  [controlHeaderLayout, 'cmsghdr', 'cmsg_len cmsg_level cmsg_type'],
  [
    sctp.initMessageLayout,
    'sctp_initmsg',
    'sinit_num_ostreams sinit_max_instreams sinit_max_attempts sinit_max_init_timeo',
  ],
  [sctp.sendInfoLayout, 'sctp_sndinfo', 'snd_sid snd_flags snd_ppid snd_context snd_assoc_id'],
  [
    sctp.receiveInfoLayout,
    'sctp_rcvinfo',
    'rcv_sid rcv_ssn rcv_flags rcv_ppid rcv_tsn rcv_cumtsn rcv_context rcv_assoc_id',
  ],
  [
    sctp.associationChangeLayout,
    'sctp_assoc_change',
    'sac_type sac_flags sac_length sac_state sac_error sac_outbound_streams sac_inbound_streams sac_assoc_id',
  ],
  [
    sctp.peerAddressChangeLayout,
    'sctp_paddr_change',
    'spc_type spc_flags spc_length spc_aaddr spc_state spc_error spc_assoc_id',
  ],
  [sctp.remoteErrorLayout, 'sctp_remote_error', 'sre_type sre_flags sre_length sre_error sre_assoc_id'],
  [
    sctp.sendFailedLayout,
    'sctp_send_failed_event',
    'ssf_type ssf_flags ssf_length ssf_error ssfe_info.snd_sid ssfe_info.snd_flags ssfe_info.snd_ppid ssfe_info.snd_context ssfe_info.snd_assoc_id ssf_assoc_id',
  ],
  [sctp.shutdownLayout, 'sctp_shutdown_event', 'sse_type sse_flags sse_length sse_assoc_id'],
  [
    sctp.partialDeliveryLayout,
    'sctp_pdapi_event',
    'pdapi_type pdapi_flags pdapi_length pdapi_indication pdapi_assoc_id pdapi_stream pdapi_seq',
  ],
  [sctp.rtoInfoLayout, 'sctp_rtoinfo', 'srto_assoc_id srto_initial srto_max srto_min'],
  [
    sctp.associationInfoLayout,
    'sctp_assocparams',
    'sasoc_assoc_id sasoc_asocmaxrxt sasoc_number_peer_destinations sasoc_peer_rwnd sasoc_local_rwnd sasoc_cookie_life',
  ],
  [
    sctp.peerAddressParametersLayout,
    'sctp_paddrparams',
    'spp_assoc_id spp_address spp_hbinterval spp_pathmaxrxt spp_pathmtu spp_sackdelay spp_flags spp_ipv6_flowlabel spp_dscp',
  ],
  [sctp.delayedAcknowledgementLayout, 'sctp_sack_info', 'sack_assoc_id sack_delay sack_freq'],
  [sctp.associationValueLayout, 'sctp_assoc_value', 'assoc_id assoc_value'],
  [sctp.eventLayout, 'sctp_event', 'se_assoc_id se_type se_on'],
  [
    sctp.peerAddressInfoLayout,
    'sctp_paddrinfo',
    'spinfo_assoc_id spinfo_address spinfo_state spinfo_cwnd spinfo_srtt spinfo_rto spinfo_mtu',
  ],
  [
    sctp.statusLayout,
    'sctp_status',
    'sstat_assoc_id sstat_state sstat_rwnd sstat_unackdata sstat_penddata sstat_instrms sstat_outstrms sstat_fragmentation_point ' +
      'sstat_primary.spinfo_assoc_id sstat_primary.spinfo_address sstat_primary.spinfo_state sstat_primary.spinfo_cwnd ' +
      'sstat_primary.spinfo_srtt sstat_primary.spinfo_rto sstat_primary.spinfo_mtu',
  ],
  [sctp.addressListLayout, 'sctp_getaddrs', 'assoc_id addr_num'],
  [sctp.connectLayout, 'sctp_getaddrs_old', 'assoc_id addr_num addrs'],
];

const constants: Readonly<Record<string, number>> = {
  IPPROTO_SCTP: sctp.sctpProtocol,
  SCTP_RTOINFO: sctp.SctpOption.rtoInfo,
  SCTP_ASSOCINFO: sctp.SctpOption.associationInfo,
  SCTP_INITMSG: sctp.SctpOption.initMessage,
  SCTP_NODELAY: sctp.SctpOption.noDelay,
  SCTP_AUTOCLOSE: sctp.SctpOption.autoclose,
  SCTP_PEER_ADDR_PARAMS: sctp.SctpOption.peerAddressParameters,
  SCTP_STATUS: sctp.SctpOption.status,
  SCTP_GET_PEER_ADDR_INFO: sctp.SctpOption.peerAddressInfo,
  SCTP_DELAYED_SACK: sctp.SctpOption.delayedAcknowledgement,
  SCTP_MAX_BURST: sctp.SctpOption.maxBurst,
  SCTP_RECVRCVINFO: sctp.SctpOption.receiveInfo,
  SCTP_SOCKOPT_BINDX_ADD: sctp.SctpOption.bindxAdd,
  SCTP_GET_PEER_ADDRS: sctp.SctpOption.peerAddresses,
  SCTP_GET_LOCAL_ADDRS: sctp.SctpOption.localAddresses,
  SCTP_SOCKOPT_CONNECTX3: sctp.SctpOption.connectx3,
  SCTP_SOCKOPT_PEELOFF_FLAGS: sctp.SctpOption.peelOffFlags,
  SCTP_EVENT: sctp.SctpOption.event,
  SCTP_SNDINFO: sctp.SctpControl.sendInfo,
  SCTP_RCVINFO: sctp.SctpControl.receiveInfo,
  SCTP_ABORT: sctp.SctpFlag.abort,
  SCTP_EOF: sctp.SctpFlag.endOfAssociation,
  MSG_NOTIFICATION: sctp.notificationFlag,
  SCTP_ASSOC_CHANGE: sctp.NotificationType.associationChange,
  SCTP_PEER_ADDR_CHANGE: sctp.NotificationType.peerAddressChange,
  SCTP_REMOTE_ERROR: sctp.NotificationType.remoteError,
  SCTP_SHUTDOWN_EVENT: sctp.NotificationType.shutdown,
  SCTP_PARTIAL_DELIVERY_EVENT: sctp.NotificationType.partialDelivery,
  SCTP_SEND_FAILED_EVENT: sctp.NotificationType.sendFailed,
  SCTP_RESTART: sctp.associationChanges.indexOf('restarted'),
  SCTP_CANT_STR_ASSOC: sctp.associationChanges.indexOf('cannot-start'),
  SCTP_ADDR_CONFIRMED: sctp.addressChanges.indexOf('confirmed'),
  SCTP_UNCONFIRMED: sctp.pathStates.indexOf('unconfirmed'),
  SCTP_SHUTDOWN_ACK_SENT: sctp.associationStates.indexOf('shutdown-ack-sent'),
  SPP_HB_ENABLE: sctp.PeerAddressFlag.heartbeatEnable,
  SPP_HB_DISABLE: sctp.PeerAddressFlag.heartbeatDisable,
  SPP_HB_DEMAND: sctp.PeerAddressFlag.heartbeatDemand,
};

/** sizeof and offsetof of all structures, and all constants, as the C compiler has them. */
function compiled(): { readonly sizes: readonly number[][]; readonly values: readonly number[] } {
  const lines = structures.map(([, name, fields]) => {
    const struct = `struct ${name}`;
    const numbers = [
      `sizeof(${struct})`,
      ...fields.split(' ').map((field) => `offsetof(${struct}, ${field})`),
    ];
    return numbers.map((number) => `printf("%zu ", (size_t)(${number}));`).join('\n') + '\nputs("");';
  });
  const values = Object.keys(constants).map((name) => `printf("%d ", (int)(${name}));`);
  const folder = mkdtempSync(join(tmpdir(), 'rserpool-structures-'));
  try {
    const headers = ['stddef.h', 'stdint.h', 'stdio.h', 'sys/socket.h', 'netinet/in.h', 'linux/sctp.h'];
    const includes = headers.map((header) => `#include <${header}>`).join('\n');
    writeFileSync(
      join(folder, 'structures.c'),
      `#define _GNU_SOURCE\n${includes}\n#ifndef MSG_FIN\n#define MSG_FIN 0x200\n#endif\n#ifndef MSG_NOTIFICATION\n#define MSG_NOTIFICATION 0x8000\n#endif\n` +
        `int main(void) {\n${lines.join('\n')}\n${values.join('\n')}\nreturn 0;\n}\n`,
    );
    execFileSync('cc', ['-o', 'structures', 'structures.c'], { cwd: folder, stdio: 'pipe' });
    const rows = execFileSync(join(folder, 'structures'), { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    return { sizes: rows.slice(0, -1), values: rows.at(-1) ?? [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function missing(): string | undefined {
  if (platform() !== 'linux' || !['x64', 'arm64'].includes(arch()) || endianness() !== 'LE')
    return 'no 64-bit little-endian Linux';
  try {
    const source = '#include <linux/sctp.h>\n';
    execFileSync('cc', ['-E', '-include', 'stdint.h', '-include', 'sys/socket.h', '-'], {
      input: source,
      stdio: 'pipe',
    });
    return undefined;
  } catch {
    return 'no C compiler with linux/sctp.h (packages gcc, linux-libc-dev)';
  }
}

const reason = missing();

describe(`structures of Linux's SCTP are those of the C compiler${reason === undefined ? '' : `: skipped, ${reason}`}`, () => {
  const c = reason === undefined ? compiled() : undefined;
  it.skipIf(c === undefined).each(structures.map(([layout, name], index) => [name, layout, index] as const))(
    'struct %s',
    (_name, layout, index) => {
      expect([layout.sizeBytes, ...Object.values(layout.offsets)]).toEqual(c?.sizes[index]);
    },
  );

  it.skipIf(c === undefined)('constants', () => {
    const values = Object.keys(constants).map((name, index) => [name, c?.values[index]]);
    expect(constants).toEqual(Object.fromEntries(values));
  });
});
