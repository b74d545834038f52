#!/bin/sh
echo NOOP
sleep 4
