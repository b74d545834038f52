#!/bin/sh
trap '' HUP
echo $$ > "$(dirname "$0")/../out/stays"
echo NOOP
sleep 600
