#!/bin/sh
echo 'SET VARIABLE "ran" "program '$(id -u)'"'
read reply
