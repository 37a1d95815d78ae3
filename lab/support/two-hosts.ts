import { execFileSync } from 'node:child_process';

/** Where a peer is. */
export interface Place {
  /** What runs a program there. */
  readonly command: readonly string[];
  readonly addresses: readonly [string, string];
  readonly ipv6: string;
  /** SCTP port. */
  readonly port: number;
}

/** This network namespace: our stack, in UDP. */
export const ourPlace: Place = {
  command: [],
  addresses: ['10.1.0.1', '10.2.0.1'],
  ipv6: 'fd00:1::1',
  port: 5_001,
};
/** The network namespace of the kernel's SCTP, which sends and receives in UDP too, at port 9899. */
export const kernelPlace: Place = {
  command: ['ip', 'netns', 'exec', 'kernel'],
  addresses: ['10.1.0.2', '10.2.0.2'],
  ipv6: 'fd00:1::2',
  port: 5_002,
};

/** The two links, by their addresses' second number: interface `link1` on our side, and of the same name on the other one. */
export type LinkName = 'link1' | 'link2';
export const links = ['link1', 'link2'] as const;

/**
 * Lays two links between us and a namespace `kernel`. There, segmentation offload is off, since bursts of packets from the kernel
 * vanish with it, and SCTP in UDP is switched on, which must be before a socket is made.
 */
export function layTwoHosts(encapsulation: 'udp' | 'none' = 'udp'): void {
  run('ip netns add kernel');
  const addresses = (end: 1 | 2): string =>
    [1, 2]
      .map(
        (number) => `address add 10.${number}.0.${end}/24 dev link${number}
address add fd00:${number}::${end}/64 dev link${number} nodad
link set link${number} gso_max_size 1500 up`,
      )
      .join('\n');
  const veths = links.map((link) => `link add ${link} type veth peer name ${link} netns kernel\n`).join('');
  run('ip -batch -', veths + addresses(1));
  run('ip -n kernel -batch -', `link set lo up\n${addresses(2)}`);
  if (encapsulation === 'udp')
    run('ip netns exec kernel sysctl -q -w net.sctp.udp_port=9899 net.sctp.encap_port=9899');
}

const tcs = ['tc', 'tc -n kernel'];

/** What netem does to both directions of a link, such as `loss 2% delay 50ms`; a rule given before is replaced. */
export function impair(link: LinkName, netem: string): void {
  for (const tc of tcs) run(`${tc} qdisc replace dev ${link} root netem ${netem}`);
}

export function heal(link: LinkName): void {
  for (const tc of tcs) run(`${tc} qdisc delete dev ${link} root`);
}

/** @param state `down` on our side: sending fails there, and the other side hears nothing */
export function setLink(link: LinkName, state: 'up' | 'down'): void {
  run(`ip link set ${link} ${state}`);
}

function run(command: string, input = ''): void {
  const [file = '', ...args] = command.split(' ');
  console.log(`# ${command}`);
  execFileSync(file, args, { input, stdio: ['pipe', 'inherit', 'inherit'] });
}
