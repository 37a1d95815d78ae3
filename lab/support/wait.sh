# For scenarios in bash: source lab/support/wait.sh

# until_true SECONDS COMMAND...: tries the command until it succeeds; fails, and says so, when the time is over
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || {
      echo "in vain waited for: $*"
      return 1
    }
    sleep 0.2
  done
}

# requires PROGRAM PACKAGE: skips the scenario where the program is missing
requires() {
  command -v "$1" >/dev/null && return
  echo "$1 is not installed (package $2)"
  exit 77
}

# sctp_counter NAME: a counter of /proc/net/sctp/snmp, such as SctpPassiveEstabs
sctp_counter() { awk -v name="$1" '$1 == name {print $2}' /proc/net/sctp/snmp; }
