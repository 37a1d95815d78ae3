# tshark on the machine sees an SCTP handshake and dissects ASAP, with checksums verified
# timeout: 120
set -e
source "$CHECKOUT/lab/support/wait.sh"
requires tshark tshark
requires rspregistrar rsplib-registrar
requires rspserver rsplib-services
tshark -q -i lo -w capture.pcapng >tshark.log 2>&1 &
tshark=$!
until_true 60 test -s capture.pcapng
ip link add name dummy0 type dummy && ip address add 10.1.1.1/24 dev dummy0 && ip link set dummy0 up multicast on
rspregistrar -asap=10.1.1.1:3863 -enrp=10.1.1.1:9901 -asapannounce=off -enrpannounce=off >registrar.log 2>&1 &
until_true 30 grep -q ' 3863 ' /proc/net/sctp/eps
rspserver -echo -registrar=10.1.1.1:3863 -asapannounce=off >element.log 2>&1 &
established() { [ "$(sctp_counter SctpPassiveEstabs)" -ge 1 ]; }
until_true 30 established
sleep 4
kill -INT "$tshark" && wait "$tshark" || true
tshark -r capture.pcapng -o sctp.checksum:TRUE -T fields -e sctp.chunk_type -e asap.message_type -e sctp.checksum.status >fields
cut -f 2 fields | grep -qw 1 # ASAP REGISTRATION
cut -f 2 fields | grep -qw 3 # ASAP REGISTRATION RESPONSE
! cut -f 3 fields | grep -qw 0 # no bad checksum
wc -l fields
