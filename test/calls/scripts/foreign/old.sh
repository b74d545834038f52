#!/bin/sh
while read -r line && [ -n "$line" ]; do case $line in agi_channel:*) channel=${line#* };; esac; done
echo "SET VARIABLE told \"$1-$2 $channel $(id -u)\""
read -r reply
echo "VERBOSE \"$reply\" 1"
read -r reply
