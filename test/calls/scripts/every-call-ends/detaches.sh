#!/bin/sh
echo $$ > "$(dirname "$0")/../out/detached"
exec >&-
sleep 30
