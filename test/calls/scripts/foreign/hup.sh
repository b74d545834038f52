#!/bin/sh
trap 'echo "SET VARIABLE hup yes"; read -r reply; exit 0' HUP
while read -r line && [ -n "$line" ]; do :; done
echo "WAIT FOR DIGIT -1"
while :; do sleep 0.05; done
