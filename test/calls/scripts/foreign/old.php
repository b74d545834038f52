#!/usr/bin/env php
<?php
$in = [];
while (($line = trim(fgets(STDIN))) !== "") {
    [$name, $value] = explode(": ", "$line ", 2);
    $in[$name] = trim($value);
}
function ask($line)
{
    echo "$line\n";
    return trim(fgets(STDIN));
}
$reply = ask("SET VARIABLE told \"$argv[1]-$argv[2] $in[agi_channel] " . getmyuid() . "\"");
ask("VERBOSE \"$reply\" 1");
