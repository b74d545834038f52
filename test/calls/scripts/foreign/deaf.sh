#!/bin/sh
trap '' HUP
while read -r line && [ -n "$line" ]; do :; done
echo "VERBOSE started 1"
while :; do sleep 0.05; done
