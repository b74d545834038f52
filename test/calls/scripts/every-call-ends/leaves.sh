#!/bin/sh
sleep 25 &
echo $! > "$(dirname "$0")/../out/left"
echo 'VERBOSE "last words" 1'
