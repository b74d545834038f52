#!/bin/sh
while read line && [ "$line" ]; do :; done
for i in 1 2 3; do echo NOOP; read reply; done
