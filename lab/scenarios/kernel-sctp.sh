# The kernel has SCTP: lksctp's test programs set up an association and carry messages
# timeout: 60
set -e
source "$CHECKOUT/lab/support/wait.sh"
requires sctp_test lksctp-tools
checksctp
sctp_test -H 127.0.0.1 -P 5000 -l >server.log 2>&1 &
until_true 20 grep -q 'LISTEN\|5000' /proc/net/sctp/eps
sctp_test -H 127.0.0.1 -P 5001 -h 127.0.0.1 -p 5000 -s -c 1 -x 3 >client.log 2>&1
established() { [ "$(sctp_counter SctpPassiveEstabs)" -ge 1 ] && [ "$(sctp_counter SctpInSCTPPacks)" -ge 8 ]; }
until_true 20 established
tail -n 5 server.log
