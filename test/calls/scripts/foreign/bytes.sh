#!/bin/sh
while read -r line && [ -n "$line" ]; do :; done
printf 'VERBOSE "\377\200\303\251" 1\n'
read -r reply
printf 'SET VARIABLE got "%s"\n' "$reply"
read -r reply
