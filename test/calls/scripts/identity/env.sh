#!/bin/sh
echo "SET VARIABLE \"env\" \"$(env | cut -d= -f1 | sort | tr '\n' ' ')\""
read reply
