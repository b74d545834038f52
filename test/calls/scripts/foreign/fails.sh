#!/bin/sh
while read -r line && [ -n "$line" ]; do :; done
echo "it hurts" >&2
printf "and more" >&2
exit 3
