#!/bin/sh
# Builds a root of a Debian release with its Asterisk that test/asterisk runs in: build-root.sh ROOT RELEASE
# It exists whole or not at all: it grows under a temporary name and is renamed at the end.
set -eu
root=$1 release=$2

mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9 # a second run waits here, and then finds the root that the first one built
test -e "$root" && exit 0

export DEBIAN_FRONTEND=noninteractive LC_ALL=C
if ! command -v debootstrap >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends debootstrap
fi

# The mirror this machine uses itself; whatever it is, Debian's own where none is named.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
  sed -n -e 's/^URIs:[[:space:]]*\([^[:space:]]*\).*/\1/p' -e 's/^deb[[:space:]]\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^[:space:]]*\).*/\2/p' |
  grep -E '/debian/?$' | head -n 1 || true)
mirror=${mirror:-http://deb.debian.org/debian}

rm -rf "$root".building.*
building=$root.building.$$
trap 'rm -rf "$building"' EXIT
trap 'exit 1' HUP INT TERM

# All mounts are made in a namespace of their own: nothing is left mounted, however this ends.
unshare --mount --propagation private sh -eu -c '
  debootstrap --variant=minbase --include=ca-certificates "$3" "$1" "$2"
  # No package starts a service in here.
  printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"
  chmod 755 "$1/usr/sbin/policy-rc.d"
  mountpoint -q "$1/proc" || mount -t proc proc "$1/proc"
  mount --rbind /sys "$1/sys"
  mount --rbind /dev "$1/dev"
  # A mirror that is a snapshot has release files past their date; their signatures are checked all the same.
  chroot "$1" apt-get -o Acquire::Check-Valid-Until=false update -q
  chroot "$1" apt-get install -y -q --no-install-recommends asterisk asterisk-modules asterisk-core-sounds-en-gsm
  chroot "$1" apt-get clean
' sh "$building" "$mirror" "$release"

rm -rf "$building"/var/lib/apt/lists/*
mv "$building" "$root"
