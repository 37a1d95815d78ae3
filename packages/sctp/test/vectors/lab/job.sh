# Makes the packets of ../kernel.jsonl: run as the job of shared/sctp-lab/lab, with this folder's files in its folder (../README.md).
ethtool -K lo gso off tso off gro off 2>/dev/null # bursts over UDP vanish otherwise
ip link add d0 type dummy
ip link set d0 up
for host in 1 2 3 4; do ip address add 10.9.0.$host/24 dev d0; done
sysctl -qw net.sctp.udp_port=9899 net.sctp.encap_port=9899 net.sctp.reconf_enable=1 net.sctp.prsctp_enable=1 net.sctp.auth_enable=0
uname -r
dumpcap -q -i lo -w /job/kernel.pcapng & capture=$!
sleep 3
timeout 300 python3 /job/kernel-packets.py
sleep 1
kill $capture
wait $capture
