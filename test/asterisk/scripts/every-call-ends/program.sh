#!/bin/sh
trap '' HUP
while read line && [ "$line" ]; do :; done
echo 'VERBOSE "@@ ready" 1'
read line
sleep 600
