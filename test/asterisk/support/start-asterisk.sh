#!/bin/sh
# Starts Asterisk inside namespaces of its own: start-asterisk.sh ROOT RUN PROJECT NODE PROGRAM
# The root stays untouched: everything is written to an overlay in memory that ends with the namespace.
# RUN (the files of this one run) and PROJECT are seen at the same paths inside and outside.
set -eu
root=$1 run=$2 project=$3 node=$4 program=$5

mkdir -p "$run/overlay"
mount -t tmpfs tmpfs "$run/overlay"
merged=$run/overlay/merged
mkdir "$run/overlay/upper" "$run/overlay/work" "$merged"
mount -t overlay -o "lowerdir=$root,upperdir=$run/overlay/upper,workdir=$run/overlay/work" overlay "$merged"

mount -t proc proc "$merged/proc"
mount --rbind /sys "$merged/sys"
mount --rbind /dev "$merged/dev"
mkdir -p "$merged$run" "$merged$project"
mount --bind "$run" "$merged$run"
mount --bind -o ro "$project" "$merged$project"
mkdir -p "$merged/var/lib/asterisk/agi-bin"
mount --bind "$run/agi-bin" "$merged/var/lib/asterisk/agi-bin"
touch "$merged/usr/local/bin/node"
mount --bind "$node" "$merged/usr/local/bin/node"
ln -s "$program" "$merged/usr/local/bin/fastagi"

exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
  chroot "$merged" asterisk -f -C "$run/etc/asterisk.conf"
