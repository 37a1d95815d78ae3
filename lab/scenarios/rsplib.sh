# RSPLIB runs over kernel SCTP: an element registers at rspregistrar, and a terminal finds it and gets its echo
# timeout: 120
set -e
source "$CHECKOUT/lab/support/wait.sh"
requires rspregistrar rsplib-registrar
requires rspserver rsplib-services
requires rspterminal rsplib-tools
# The multicast announces need a route; nobody is meant to hear them.
ip link add name dummy0 type dummy && ip address add 10.1.1.1/24 dev dummy0 && ip link set dummy0 up multicast on
rspregistrar -asap=10.1.1.1:3863 -enrp=10.1.1.1:9901 -asapannounce=off -enrpannounce=off >registrar.log 2>&1 &
until_true 30 grep -q ' 3863 ' /proc/net/sctp/eps
rspserver -echo -registrar=10.1.1.1:3863 -asapannounce=off >element.log 2>&1 &
registered() { grep -qi 'EchoPool' registrar.log || [ "$(sctp_counter SctpPassiveEstabs)" -ge 1 ]; }
until_true 30 registered
sleep 3
(for number in 1 2 3 4 5 6 7 8; do echo "hello $number" && sleep 2; done) |
  timeout 60 rspterminal -registrar=10.1.1.1:3863 -asapannounce=off -poolhandle=EchoPool >terminal.log 2>&1 &
answered() { grep -q 'hello [1-8]' terminal.log; }
until_true 60 answered || { tail -n 20 registrar.log element.log terminal.log; exit 1; }
grep -m 3 hello terminal.log
